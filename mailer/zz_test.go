package mailer
import ("testing";"bytes";"bufio";gm "github.com/emersion/go-message/mail";gmsg "github.com/emersion/go-message";"github.com/emersion/go-message/textproto";"os";"path/filepath")
func BenchmarkLib(b *testing.B){
 headers,_:=corpusRaw(b)
 for b.Loop(){ for _,h:=range headers{
  th,err:=textproto.ReadHeader(bufio.NewReader(bytes.NewReader(h))); if err!=nil{continue}
  mh:=gm.Header{Header:gmsg.Header{Header:th}}
  mh.Date(); mh.Subject(); for _,k:=range []string{"From","To","Cc","Reply-To","Sender"}{mh.AddressList(k)}; mh.MsgIDList("References"); mh.MsgIDList("In-Reply-To"); mh.MessageID()
 }}}
func BenchmarkReadHeaders(b *testing.B){
 folder:=corpusFolder(b); rows:=corpusTable(b,folder,"labels.tsv")
 for b.Loop(){ for _,row:=range rows{ raw,_:=os.ReadFile(filepath.Join(folder,row["path"])); h,_:=Split(raw); Parse(h,nil)}}}
func BenchmarkReadClassify(b *testing.B){
 folder:=corpusFolder(b); rows:=corpusTable(b,folder,"labels.tsv")
 for b.Loop(){ for _,row:=range rows{ raw,_:=os.ReadFile(filepath.Join(folder,row["path"])); Classify(Parse(Split(raw)))}}}
