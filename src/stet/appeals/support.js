/* On the support page: what came by an appeal is counted under its code, which the link there carries as "#from=CODE". A
   fragment is never sent; it goes nowhere but into the forms of this page. `stet.appeals.script` makes support.min.js of it. */
(() => {
  const code = /^#from=([a-z0-9][a-z0-9-]{0,59})$/.exec(location.hash);
  if (code) for (const one of document.getElementsByName("campaign")) one.value = code[1]
})()
