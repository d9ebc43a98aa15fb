/* Porter's stemmer ("An algorithm for suffix stripping", 1980), for folded words. */
(() => {
  const form = s => {
    let f = "";
    for (const c of s) f += /[aeiou]/.test(c) || c == "y" && f.endsWith("c") ? "v" : "c";
    return f
  };
  const m = s => (form(s).match(/v+c/g) || []).length;
  const o = s => /cvc$/.test(form(s)) && !/[wxy]$/.test(s);
  const table = list => {
    const pairs = list.split(" ").map(p => p.split(":"));
    const end = new RegExp("^(.*?)(" + pairs.map(p => p[0]).join("|") + ")$");
    return (w, least) => {
      const f = w.match(end);
      return f && m(f[1]) > least ? f[1] + (pairs.find(p => p[0] == f[2])[1] || "") : w
    }
  };
  const two = table("ational:ate tional:tion enci:ence anci:ance izer:ize abli:able alli:al entli:ent eli:e ousli:ous ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble");
  const three = table("icate:ic ative: alize:al iciti:ic ical:ic ful: ness:");
  const four = table("al ance ence er ic able ible ant ement ment ent ou ism ate iti ous ive ize");
  return w => {
    if (!/^[a-z]{3,}$/.test(w)) return w;
    w = w.replace(/(ss|i)es$/, "$1").replace(/([^s])s$/, "$1");
    const e = w.match(/^(.*)(eed)$/) || w.match(/^(.*)(ed|ing)$/);
    if (e && e[2] == "eed") w = m(e[1]) ? e[1] + "ee" : w;
    else if (e && form(e[1]).includes("v")) {
      w = e[1];
      if (/(at|bl|iz)$/.test(w)) w += "e";
      else if (/([^aeiouylsz])\1$/.test(w)) w = w.slice(0, -1);
      else if (m(w) == 1 && o(w)) w += "e"
    }
    if (/y$/.test(w) && form(w.slice(0, -1)).includes("v")) w = w.slice(0, -1) + "i";
    w = three(two(w, 0), 0);
    const ion = w.match(/^(.*[st])ion$/);
    w = ion ? m(ion[1]) > 1 ? ion[1] : w : four(w, 1);
    const b = w.slice(0, -1);
    if (/e$/.test(w) && (m(b) > 1 || m(b) == 1 && !o(b))) w = b;
    return /ll$/.test(w) && m(w) > 1 ? w.slice(0, -1) : w
  }
})()
