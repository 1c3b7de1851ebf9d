package proofread

import (
	"testing"

	"afterword/scheduler"
)

// What letters in Japanese and Chinese leave open, and whom they call, is read as well.
func TestFieldsAndNamesInHan(t *testing.T) {
	t.Parallel()
	c := New()
	letter := func(language, name, greeting, text string) change {
		return func(in *scheduler.ProofInput) {
			letterIn(language, greeting, text, "Dana Reyes")(in)
			in.Person = scheduler.Person{Name: name}
			in.To.Name = name
		}
	}
	for text, want := range map[string]bool{
		"昨日は○○の面接にお時間をいただき、ありがとうございました。": true, "〇〇様のお話が心に残りました。": true, "【会社名】で働きたく存じます。": true, "[氏名]と申します。": true,
		"昨日は面接をありがとうございました。": false, "創業は二〇〇五年と伺いました。": false, "【ものづくりの心】という本を読みました。": false, "正解は○、不正解は×と伺いました。": false,
	} {
		if f, got := told(t, c, "placeholder", thanks, letter("ja", "佐藤健一", "佐藤様", text)); got != want {
			t.Errorf("%s: found %v: %s", text, got, f.Text)
		}
	}
	for text, want := range map[string]bool{"我对XX职位很感兴趣。": true, "很希望加入××公司。": true, "【您的姓名】敬上。": true, "您讲的XX染色体的研究很有意思。": false, "您好！感谢您昨天与我面谈。": false} {
		if f, got := told(t, c, "placeholder", thanks, letter("zh", "王芳", "王女士：", text)); got != want {
			t.Errorf("%s: found %v: %s", text, got, f.Text)
		}
	}
	for _, x := range []struct {
		language, name, greeting string
		want                     bool
	}{
		{"ja", "佐藤健一", "鈴木様", true}, {"ja", "佐藤健一", "人事部 高橋様", true}, {"zh", "王芳", "张女士：", true}, {"zh", "王芳", "尊敬的李老师：", true},
		{"ja", "佐藤健一", "佐藤様", false}, {"ja", "佐藤健一", "人事部 佐藤健一様", false}, {"ja", "Kenichi Sato", "佐藤様", false}, {"ja", "佐藤健一", "さとうさん", false}, {"ja", "佐藤健一", "皆様", false},
		{"zh", "王芳", "王女士：", false}, {"zh", "王芳", "王老师您好：", false},
	} {
		if f, got := told(t, c, "wrong-name", thanks, letter(x.language, x.name, x.greeting, "本日はありがとうございました。")); got != x.want {
			t.Errorf("%s to %s: found %v: %s", x.greeting, x.name, got, f.Text)
		}
	}
}
