/* Decides on the reader's device which appeal shows. The rules stand in rules.py; both run the cases of cases.json.
   It asks nobody for anything, and stores one value: [salt, quiet until, [[week, articles]...], [[appeal, day]...]].
   A click on what has `data-later`, and any form that is sent, leave one and the same trace below `data-weeks`.
   Where nothing can be stored it leaves the page as it was printed. `stet.appeals.script` makes script.min.js of it. */
(() => {
  let stored, salt, quiet, weeks, views, showed, counts;
  const page = document, places = page.querySelectorAll("[data-asks]"), moment = new Date,
    today = (moment - moment.getTimezoneOffset() * 6e4) / 864e5 | 0, thisweek = today / 7 | 0,
    mix = text => {
      let x = 0x811c9dc5;
      for (const one of text) x = Math.imul(x ^ one.charCodeAt(), 16777619);
      x = Math.imul(x ^ x >>> 16, 0x85ebca6b);
      x = Math.imul(x ^ x >>> 13, 0xc2b2ae35);
      return (x ^ x >>> 16) >>> 0
    },
    keep = () => localStorage.stet = JSON.stringify([salt, quiet, weeks, views]);
  try {
    stored = localStorage.stet;
    localStorage.stet = stored
  } catch {
    return
  }
  try {
    [salt, quiet, weeks, views] = JSON.parse(stored);
    weeks = weeks.filter(pair => pair[0] > thisweek - 12);
    views = views.filter(pair => pair[1])
  } catch {
    salt = Math.random() * 1024 | 0;
    quiet = 0;
    weeks = [];
    views = []
  }
  const due = quiet && quiet <= today, seen = [...views];
  for (const place of places) {
    const banner = +place.dataset.asks;
    place.hidden = 1;
    place.lastElementChild.hidden = 0;
    counts |= place.dataset.count;
    for (const ask of place.querySelectorAll("[data-ask]")) {
      const [code, ...rule] = ask.dataset.ask.split(" "), [first, until, most, within, gap, articles, past] = rule.map(Number),
        mark = (mix(code) >>> 17) * 2 + banner,
        no = (today < first || until && today > until ? 1 : 0) + (today < quiet ? 2 : 0) + (due ? 0 :
          (weeks.reduce((sum, pair) => sum + (pair[0] > thisweek - past && pair[1]), 0) < articles ? 4 : 0) +
          (most && seen.filter(pair => pair[0] == mark && pair[1] > today - within).length >= most ? 8 : 0) +
          (gap && seen.some(pair => pair[0] % 2 == banner && pair[1] >= today - gap) ? 16 : 0));
      ask.dataset.no = no;
      ask.hidden = !place.hidden || no;
      if (!ask.hidden) {
        place.hidden = 0;
        showed = 1;
        let chosen = mix(code + ":" + salt) % ask.children.length;
        for (const one of ask.children) {
          one.hidden = chosen;
          one.open = !chosen--
        }
        if (most || gap) views.push([mark, today])
      }
    }
  }
  if (due && showed) quiet = 0;
  if (counts) {
    const last = weeks.find(pair => pair[0] == thisweek);
    last ? last[1]++ : weeks.push([thisweek, 1])
  }
  weeks = weeks.slice(-12);
  views = views.slice(-20);
  keep();
  page.onclick = page.onsubmit = event => {
    const place = event.target.closest("[data-weeks]"), later = event.target.dataset.later;
    if (place && (later || event.type > "d")) {
      quiet = ((today + 6 + place.dataset.weeks * 7) / 7 | 0) * 7;
      keep();
      if (later) {
        place.dataset.done = 1;
        for (const one of places) {
          one.hidden = 1;
          page.querySelector("main").focus({preventScroll: 1})
        }
      }
    }
  }
})()
