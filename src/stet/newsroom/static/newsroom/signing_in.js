// Hands what the page says about passkeys to allauth's script; the page itself holds no script that runs.
'use strict';
(() => {
  const forms = window.allauth.webauthn.forms;
  const data = () => document.getElementById('passkey-data');
  const ids = { credential: 'id_credential', data: 'passkey-data' };
  const notice = document.getElementById('passkey-notice');
  if (!window.webauthnJSON.supported()) {
    document.querySelectorAll('[data-passkey]').forEach((part) => { part.hidden = true; });
    document.querySelectorAll('[data-no-passkey]').forEach((part) => { part.hidden = false; });
  } else if (document.getElementById('passkey-add')) {
    forms.addForm({ ids: { ...ids, add: 'passkey-add', passwordless: 'id_passwordless' } });
  } else if (document.getElementById('passkey-login')) {
    forms.loginForm({ ids: { ...ids, data: undefined, login: 'passkey-login' } });
  } else if (document.getElementById('passkey-again') && data()) {
    forms.authenticateForm({ ids: { ...ids, authenticate: 'passkey-again' } });
  }
  // Nobody chose a passkey, or the device has none: say so where the button is.
  document.addEventListener('allauth.error', (event) => {
    event.preventDefault();
    if (notice) notice.hidden = false;
  });
})();
