/* The Russian stemmer of the Snowball project, for folded words: ё is е. Endings are looked for behind the first vowel. */
(() => {
  const cut = (w, after, freely) => {
    const f = w.match(new RegExp("^(.*?)(" + after + (after && "|") + freely + ")$"));
    return f && (new RegExp("^(" + freely + ")$").test(f[2]) || /[ая]$/.test(f[1])) ? f[1] : null
  };
  return w => {
    const f = w.match(/^([а-я]*?[аеиоуыэюя])([а-я]*)$/);
    if (!f) return w;
    const region = w.match(/^.*?[аеиоуыэюя][^аеиоуыэюя].*?[аеиоуыэюя][^аеиоуыэюя]/);
    let v = cut(f[2], "в|вши|вшись", "[иы]в|[иы]вши|[иы]вшись");
    if (v == null) {
      v = f[2].replace(/с[яь]$/, "");
      const a = v.replace(/(ее|ие|ые|ое|ими|ыми|ей|ий|ый|ой|ем|им|ым|ом|его|ого|ему|ому|их|ых|ую|юю|ая|яя|ою|ею)$/, "");
      const p = a != v && cut(a, "ем|нн|вш|ющ|щ", "ивш|ывш|ующ");
      const verb = a == v && cut(v, "ла|на|ете|йте|ли|й|л|ем|н|ло|но|ет|ют|ны|ть|ешь|нно", "ила|ыла|ена|ейте|уйте|ите|или|ыли|ей|уй|ил|ыл|им|ым|ен|ило|ыло|ено|ят|ует|уют|ит|ыт|ены|ить|ыть|ишь|ую|ю");
      v = a != v ? p == null ? a : p : verb != null ? verb : v.replace(/(а|ев|ов|ие|ье|е|иями|ями|ами|еи|ии|и|ией|ей|ой|ий|й|иям|ям|ием|ем|ам|ом|о|у|ах|иях|ях|ы|ь|ию|ью|ю|ия|ья|я)$/, "")
    }
    v = v.replace(/и$/, "");
    const t = v.match(/ость?$/);
    if (t && region && f[1].length + t.index >= region[0].length) v = v.slice(0, t.index);
    v = /ейше?$/.test(v) ? v.replace(/ейше?$/, "").replace(/нн$/, "н") : v.replace(/нн$|ь$/, e => e == "нн" ? "н" : "");
    return f[1] + v
  }
})()
