// Makes forms and reviews quicker; everything here also works without it. Written for ES2017.
(function () {
  "use strict";
  const doc = document;
  const body = doc.body;
  const user = body.dataset.user || "";
  const DRAFT = "mk-draft:";
  const DAY_MS = 86400000;

  function each(root, selector, work) {
    if (root.matches && root.matches(selector)) work(root);
    root.querySelectorAll(selector).forEach(work);
  }
  function words(element) { return (element.dataset.words || "").split("|"); }
  function say(id, text, name) {
    const line = doc.getElementById(id);
    if (line) {
      line.textContent = text;
      line.className = "mk-counter" + (name ? " mk-counter--" + name : "");
    }
  }
  // Storage can be refused (private windows, full phones); then nothing is kept and nothing breaks.
  function store(key, value) {
    try {
      if (value === undefined) return localStorage.getItem(key);
      if (value === null) localStorage.removeItem(key); else localStorage.setItem(key, value);
    } catch (refused) { return null; }
    return null;
  }
  function storedKeys() {
    try { return Object.keys(localStorage).filter(function (key) { return key.startsWith(DRAFT); }); } catch (refused) { return []; }
  }
  function isField(element) {
    return element && (/^(textarea|select)$/i.test(element.tagName) || element.isContentEditable ||
      (element.tagName === "INPUT" && !/^(button|submit|checkbox|radio|file|image|reset)$/.test(element.type)));
  }

  // Errors: the summary takes the focus, its lines lead into the field.
  function focusSummary(root) {
    each(root, "[data-error-summary]", function (box) { box.focus(); });
  }
  doc.addEventListener("click", function (event) {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const place = link && doc.getElementById(link.getAttribute("href").slice(1));
    if (!place) return;
    const field = place.matches("input,select,textarea") ? place : place.querySelector("input,select,textarea");
    if (field) {
      event.preventDefault();
      place.scrollIntoView();
      field.focus({ preventScroll: true });
    }
  });

  // NIK: groups of 6-6-4 while typing, the caret stays behind the same digit.
  function groupNik(field) {
    const plain = field.value.replace(/[\s.\-]/g, "");
    const said = words(field);
    if (/^\d*$/.test(plain)) {
      const before = field.value.slice(0, field.selectionStart).replace(/\D/g, "").length;
      const grouped = [plain.slice(0, 6), plain.slice(6, 12), plain.slice(12)].filter(Boolean).join(" ");
      if (grouped !== field.value) {
        field.value = grouped;
        const caret = before + (before > 6 ? 1 : 0) + (before > 12 ? 1 : 0);
        if (doc.activeElement === field) field.setSelectionRange(caret, caret);
      }
    }
    const count = plain.length;
    if (!count) say(field.dataset.nik, "");
    else if (count > 16) say(field.dataset.nik, said[1].replace("{n}", count - 16), "over");
    else say(field.dataset.nik, said[0].replace("{n}", count), count === 16 ? "full" : "");
    if (count === 16 && field.mkAsked !== plain) {
      field.mkAsked = plain;
      field.dispatchEvent(new CustomEvent("mk:full", { bubbles: true }));
    } else if (count !== 16) field.mkAsked = "";
  }
  function countSigns(field) {
    const left = field.dataset.limit - field.value.length;
    const said = words(field);
    say(field.dataset.count, (left < 0 ? said[1] : said[0]).replace("{n}", Math.abs(left)), left < 0 ? "over" : "");
  }
  doc.addEventListener("input", function (event) {
    const field = event.target;
    if (field.dataset.nik) groupNik(field);
    if (field.dataset.limit) countSigns(field);
    const form = field.form;
    if (form && form.dataset.draft) {
      clearTimeout(form.mkTimer);
      form.mkTimer = setTimeout(function () { keepDraft(form); }, 1000);
    }
  });

  // Drafts: a copy of what was typed, for this user on this machine, until the server has taken the form.
  function fieldsOf(form) {
    return Array.from(form.elements).filter(function (field) {
      return field.name && !/^(hidden|password|file|submit|button)$/.test(field.type) && field.tagName !== "BUTTON" && field.tagName !== "FIELDSET";
    });
  }
  function keepDraft(form) {
    if (!user) return;
    const values = {};
    fieldsOf(form).forEach(function (field) {
      values[field.name] = values[field.name] || [];
      if (!/^(radio|checkbox)$/.test(field.type) || field.checked) values[field.name].push(field.value);
    });
    store(DRAFT + form.dataset.draft, JSON.stringify({ user: user, at: Date.now(), values: values }));
    each(doc, "[data-phone]", function (line) {
      line.className = "mk-saved mk-saved--phone";
      line.textContent = line.dataset.phone;
    });
  }
  function restoreDraft(form) {
    const text = store(DRAFT + form.dataset.draft);
    if (!text || form.querySelector("[aria-invalid]")) return;
    const values = JSON.parse(text).values;
    const used = {};
    fieldsOf(form).forEach(function (field) {
      const kept = values[field.name];
      if (!kept) return;
      if (/^(radio|checkbox)$/.test(field.type)) field.checked = kept.indexOf(field.value) >= 0;
      else {
        const place = used[field.name] || 0;
        used[field.name] = place + 1;
        if (kept[place] !== undefined) field.value = kept[place];
      }
    });
  }
  // A form on its way: what was typed is kept first; without a signal it does not leave, and says so beside the button.
  doc.addEventListener("submit", function (event) {
    const form = event.target;
    if (form.dataset.draft) keepDraft(form);
    if (event.defaultPrevented || form.method !== "post") return;
    if (navigator.onLine !== false || !body.dataset.offline) return forgetUnsent();
    event.preventDefault();
    if (form.querySelector("[data-unsent]")) return;
    const button = event.submitter || form.querySelector("button:not([type=button])") || form.lastElementChild;
    const line = doc.createElement("p");
    line.className = "mk-deed__reason";
    line.setAttribute("role", "alert");
    line.dataset.unsent = "1";
    line.textContent = body.dataset.offline;
    (button.closest(".mk-deed") || button).before(line);
  });
  function forgetUnsent() { each(doc, "[data-unsent]", function (line) { line.remove(); }); }
  addEventListener("online", forgetUnsent);
  addEventListener("pagehide", function () {
    each(doc, "form[data-draft]", function (form) { if (form.mkTimer) keepDraft(form); });
  });
  // With a star at its end a name stands for all that begin so, except the forms of this page.
  function dropDrafts(name) {
    if (!name.endsWith("*")) return store(DRAFT + name, null);
    const here = Array.from(doc.querySelectorAll("form[data-draft]")).map(function (form) { return DRAFT + form.dataset.draft; });
    storedKeys().forEach(function (key) {
      if (key.startsWith(DRAFT + name.slice(0, -1)) && here.indexOf(key) < 0) store(key, null);
    });
    return null;
  }
  function dropForeignDrafts() {
    if (user && store("mk-user") !== user) {
      storedKeys().forEach(function (key) { store(key, null); });
      store("mk-user", user);
    }
    storedKeys().forEach(function (key) {
      const draft = JSON.parse(store(key) || "{}");
      if (draft.user !== (user || draft.user) || Date.now() - draft.at > DAY_MS) store(key, null);
    });
    each(doc, "[data-draft-done]", function (mark) { dropDrafts(mark.dataset.draftDone); });
    if (doc.querySelector("[data-signed-out]")) storedKeys().forEach(function (key) { store(key, null); });
  }

  // Photographs: at most 1600 px and 250 kB before they leave the phone.
  function shrink(source, side, quality) {
    const scale = Math.min(1, side / Math.max(source.width, source.height));
    const canvas = doc.createElement("canvas");
    canvas.width = Math.round(source.width * scale);
    canvas.height = Math.round(source.height * scale);
    canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
    return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", quality); });
  }
  function isDark(source) {
    const canvas = doc.createElement("canvas");
    canvas.width = canvas.height = 24;
    const pen = canvas.getContext("2d");
    pen.drawImage(source, 0, 0, 24, 24);
    const light = pen.getImageData(0, 0, 24, 24).data;
    let sum = 0;
    for (let at = 0; at < light.length; at += 4) sum += light[at] + light[at + 1] + light[at + 2];
    return sum / (24 * 24 * 3) < 36;
  }
  async function preparePhoto(field) {
    const file = field.files[0];
    const said = words(field);
    if (!file) return say(field.dataset.photo, "");
    let taken = field.form && field.form.elements[field.name + "_taken"];
    if (field.form && !taken) {
      taken = doc.createElement("input");
      taken.type = "hidden";
      taken.name = field.name + "_taken";
      field.after(taken);
    }
    if (taken) taken.value = new Date(file.lastModified).toISOString();
    try {
      const source = await createImageBitmap(file);
      let small = file;
      let side = 1600;
      let quality = 0.82;
      while (small.size > 250000 || (small === file && Math.max(source.width, source.height) > 1600)) {
        small = await shrink(source, side, quality);
        if (quality > 0.5) quality -= 0.1; else side *= 0.8;
      }
      if (small !== file) {
        const carrier = new DataTransfer();
        carrier.items.add(new File([small], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified }));
        field.files = carrier.files;
      }
      const size = Math.max(1, Math.round(small.size / 1000));
      const dark = isDark(source);
      say(field.dataset.photo, (small === file ? said[1] : said[0]).replace("{n}", size) + (dark ? " " + said[3] : ""), dark ? "over" : "full");
    } catch (refused) {
      say(field.dataset.photo, said[2], "over");
    }
    return null;
  }
  doc.addEventListener("change", function (event) {
    const field = event.target;
    if (field.dataset.photo) preparePhoto(field);
    if ("keySwitch" in field.dataset) {
      store("mk-keys", field.checked ? "on" : "off");
      each(doc, "[data-key-switch]", function (box) { box.checked = field.checked; });
    }
    if ("selectAll" in field.dataset) each(field.closest("table"), "[data-select]", function (box) { box.checked = field.checked; });
  });

  // A point: where the phone is now; it asks its owner first.
  function findPoint(button) {
    const field = doc.getElementById(button.dataset.locate);
    const said = words(button);
    const label = button.lastChild;
    const before = label.textContent;
    label.textContent = " " + said[0];
    navigator.geolocation.getCurrentPosition(function (found) {
      field.value = found.coords.latitude.toFixed(5) + "," + found.coords.longitude.toFixed(5);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      label.textContent = before;
    }, function () { label.textContent = " " + said[1]; }, { enableHighAccuracy: true, timeout: 20000 });
  }
  if (navigator.geolocation && window.isSecureContext) each(doc, "[data-locate]", function (button) { button.hidden = false; });

  // Lists: Shift chooses a range.
  let lastBox = null;
  doc.addEventListener("click", function (event) {
    const box = event.target;
    if (!box.dataset) return;
    if ("select" in box.dataset) {
      const boxes = Array.from(box.closest("table").querySelectorAll("[data-select]"));
      if (event.shiftKey && boxes.indexOf(lastBox) >= 0) {
        const ends = [boxes.indexOf(lastBox), boxes.indexOf(box)].sort(function (a, b) { return a - b; });
        boxes.slice(ends[0], ends[1] + 1).forEach(function (one) { one.checked = box.checked; });
      }
      lastBox = box;
    }
    const locate = box.closest("[data-locate]");
    if (locate) findPoint(locate);
    const button = box.closest("[data-print],[data-share]");
    if (button && "print" in button.dataset) print();
    if (button && button.dataset.share) navigator.share({ text: button.dataset.share }).catch(function () {});
  });

  // Review: letters act only inside the review region, never in a field, and can be switched off for good.
  function keysOn() {
    const region = doc.querySelector("[data-review]");
    return (store("mk-keys") || (region && region.dataset.keys) || "on") !== "off";
  }
  function moveRow(region, step) {
    const rows = Array.from(region.querySelectorAll("[data-row]"));
    const here = rows.indexOf(doc.activeElement) >= 0 ? doc.activeElement : region.querySelector("[data-row][aria-current]");
    const next = rows[rows.indexOf(here) + step];
    if (next) {
      next.focus();
      next.click();
    }
  }
  function press(region, key) {
    const button = region.querySelector('[data-key="' + key + '"]');
    if (!button) return false;
    if (button.disabled) {
      const way = button.parentNode.querySelector("a");
      if (way) way.focus();
    } else button.click();
    return true;
  }
  doc.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isField(event.target) || !keysOn()) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "/") {
      const search = doc.querySelector("[data-slash]");
      if (search && search.offsetParent) {
        event.preventDefault();
        search.focus();
      }
      return;
    }
    const region = event.target.closest && event.target.closest("[data-review]");
    if (!region) return;
    let done = true;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (/^(radio|select-one)$/.test(event.target.type)) return;
      moveRow(region, key === "ArrowDown" ? 1 : -1);
    } else if (key === "?") {
      const help = region.querySelector("[data-key-help]");
      if (help) help.open = !help.open;
    } else if (/^[1-9]$/.test(key)) {
      const reason = Array.from(region.querySelectorAll('[data-reason="' + key + '"]')).find(function (one) { return one.offsetParent; });
      const tab = region.querySelector('[data-evidence="' + key + '"]');
      if (reason && reason.tagName === "BUTTON") reason.click();
      else if (reason) {
        reason.checked = true;
        reason.focus();
      } else if (tab) tab.click();
    } else if (key === "g" && region.querySelector("[data-jump]")) region.querySelector("[data-jump]").focus();
    else if (/^[a-z]$/.test(key)) done = press(region, key);
    else done = false;
    if (done) event.preventDefault();
  });

  // htmx: an old answer never overwrites a new one; a slow answer becomes a sentence and a second try.
  function setSync(root) {
    each(root, "[hx-get]:not([hx-sync])", function (element) { element.setAttribute("hx-sync", "this:replace"); });
    each(root, "[hx-post]:not([hx-sync])", function (element) { element.setAttribute("hx-sync", "this:drop"); });
  }
  function offerRetry(event) {
    const element = event.detail.elt;
    if (!body.dataset.slow || (element.nextElementSibling && element.nextElementSibling.dataset.retry)) return;
    const line = doc.createElement("p");
    const button = doc.createElement("button");
    line.className = "mk-deed__reason";
    line.setAttribute("role", "alert");
    line.dataset.retry = "1";
    line.textContent = body.dataset.slow + " ";
    button.type = "button";
    button.className = "mk-quiet-button";
    button.textContent = body.dataset.retry;
    button.addEventListener("click", function () {
      const trigger = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
      line.remove();
      window.htmx.trigger(element, trigger ? trigger.type : "click");
    });
    line.append(button);
    element.after(line);
  }
  ["htmx:timeout", "htmx:sendError", "htmx:responseError"].forEach(function (name) { body.addEventListener(name, offerRetry); });
  body.addEventListener("htmx:beforeRequest", function (event) {
    const line = event.detail.elt.nextElementSibling;
    if (line && line.dataset && line.dataset.retry) line.remove();
  });

  function start(root) {
    each(root, "[data-nik]", function (field) {
      // The server has already answered for what it filled in itself, not for what was typed before this script came.
      field.mkAsked = field.defaultValue.replace(/\D/g, "");
      groupNik(field);
    });
    each(root, "[data-limit]", countSigns);
    each(root, "[data-select-all]", function (box) { box.hidden = false; });
    each(root, "[data-key-switch]", function (box) { box.checked = keysOn(); });
    each(root, "[data-share]", function (button) { button.hidden = !navigator.share; });
    each(root, "[data-print]", function (button) { button.hidden = false; });
    setSync(root);
    focusSummary(root);
  }
  dropForeignDrafts();
  each(doc, "form[data-draft]", restoreDraft);
  // Not before htmx listens: it waits for this event too, and was there first.
  doc.addEventListener("DOMContentLoaded", function () { start(doc); });
  body.addEventListener("htmx:load", function (event) { if (event.detail.elt !== body) start(event.detail.elt); });
  const row = doc.querySelector("[data-review] [data-row][aria-current]");
  if (row && keysOn() && doc.activeElement === body) row.focus();
})();
