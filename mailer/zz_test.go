package mailer
import ("testing";"time";"os")
func TestZZ(t *testing.T){
 t0:=time.Now(); tables(); t.Log("load",time.Since(t0), len(tables().words))
 raw,_:=os.ReadFile("/work/shared/corpus/raw/arheaders/eth-groupwise651.eml")
 m:=Parse(Split(raw))
 c:=newClassifier(&m)
 t.Logf("%q %v", m.NewText, c.fresh().all)
 for _,w:=range c.fresh().words{ t.Log(w, m.NewText[w.start:w.end])}
 t.Log(Classify(m))
}
