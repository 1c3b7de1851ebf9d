package mailer

import (
	"slices"
	"testing"
)

// TestRussianLetters: what a letter says is read in Russian too, and what only sounds
// like a verdict is none.
func TestRussianLetters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"К сожалению, мы не сможем предложить вам эту позицию. Удачи в поиске работы!": "rejection",
		"Мы выбрали кандидата с более подходящим опытом.":                              "rejection",
		"Мы остановились на другом кандидате. Спасибо за уделённое время.":             "rejection",
		"К сожалению, ваша кандидатура не была выбрана.":                               "rejection",
		"Вакансия закрыта, мы нашли другого человека.":                                 "rejection",
		"Рады предложить вам должность инженера.":                                      "offer",
		"Приглашаем вас на второе собеседование во вторник.":                           "next",
		"Сообщим вам решение до пятницы.":                                              "decision=2026-11-27",
		"Мы вернёмся к вам с ответом на следующей неделе.":                             "decision=2026-12-04",
		"Анна больше не работает в компании.":                                          "left",
		"Пожалуйста, больше не пишите мне.":                                            "no_more",
		"К сожалению, Кен не сможет прийти в понедельник, встречу проведёт Мара.":      "",
		"Мы пока рассматриваем других кандидатов.":                                     "",
		"Спасибо за интересную беседу!":                                                "",
		"Пожалуйста, не пишите на старый адрес.":                                       "",
		"К сожалению, встречу придётся перенести на четверг.":                          "",
		"Мы не сможем принять вас в офисе, поговорим по телефону.":                     "",
	} {
		got, _ := intentsOf(intentMail{language: "ru", text: "Subject: Re: Thank you\n" + text})
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("%q shows %q, want %q", text, got, want)
		}
	}
}
