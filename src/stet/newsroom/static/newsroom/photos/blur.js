/* The brush: marks are painted over the photo by mouse, finger or keyboard, and sent as geometry in the photo's pixels.
   What is seen here is a veil; the desk makes what is marked unknowable, in the file itself. */
(() => {
  const form = document.querySelector("[data-stet-blur]");
  if (!form) return;
  const part = (name) => form.querySelector(`[data-stet-${name}]`);
  const [canvas, frame, paper, told, size] = ["canvas", "frame", "paper", "told", "size"].map(part);
  const [undo, clear, move, marksField] = ["undo", "clear", "move", "marks"].map(part);
  const width = Number(form.dataset.width);
  const height = Number(form.dataset.height);
  const scale = Math.min(1, 2000 / Math.max(width, height));
  const draw = canvas.getContext("2d");
  const marks = [];
  const ZOOMS = [1, 1.5, 2, 3, 4];
  let zoom = 0;
  let stroke = null;
  let at = { x: width / 2, y: height / 2 };

  const radius = () => (Math.max(width, height) * Number(size.value)) / 200;
  const rounded = (value) => Math.round(value * 10) / 10;
  const clamped = (value, most) => Math.min(Math.max(value, 0), most);

  const paint = (mark) => {
    draw.fillStyle = draw.strokeStyle = "#b0006d";
    if (mark.type === "rectangle") {
      draw.fillRect(mark.x, mark.y, mark.width, mark.height);
      return;
    }
    draw.lineWidth = mark.radius * 2;
    draw.lineCap = draw.lineJoin = "round";
    draw.beginPath();
    draw.moveTo(...mark.points[0]);
    mark.points.forEach((point) => draw.lineTo(...point));
    draw.stroke();
    draw.beginPath();
    draw.arc(...mark.points[0], mark.radius, 0, 2 * Math.PI);
    draw.fill();
  };

  const show = () => {
    draw.setTransform(scale, 0, 0, scale, 0, 0);
    draw.clearRect(0, 0, width, height);
    draw.globalAlpha = 1;
    [...marks, ...(stroke ? [stroke] : [])].forEach(paint);
    if (document.activeElement === canvas) {
      const pixel = width / Math.max(canvas.clientWidth, 1);
      [["#fff", 4], ["#000", 2]].forEach(([colour, thick]) => {
        draw.strokeStyle = colour;
        draw.lineWidth = thick * pixel;
        draw.beginPath();
        draw.arc(at.x, at.y, radius(), 0, 2 * Math.PI);
        draw.stroke();
      });
    }
    undo.disabled = clear.disabled = !marks.length;
    told.textContent = marks.length ? told.dataset.some.replace("{n}", marks.length) : told.dataset.none;
    marksField.value = marks.length ? JSON.stringify(marks) : "";
  };

  const keep = (mark) => {
    marks.push(mark);
    show();
  };
  const takeBack = () => {
    marks.pop();
    show();
  };

  /* --- Mouse and finger --- */

  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [
      rounded(((event.clientX - box.left) / box.width) * width),
      rounded(((event.clientY - box.top) / box.height) * height),
    ];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || stroke) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    const point = place(event);
    at = { x: point[0], y: point[1] };
    stroke = { type: "stroke", points: [point], radius: rounded(radius()) };
    show();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    const point = place(event);
    const last = stroke.points[stroke.points.length - 1];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < stroke.radius / 4) return;
    at = { x: point[0], y: point[1] };
    stroke.points.push(point);
    show();
  });
  const lift = () => {
    if (!stroke) return;
    const mark = stroke;
    stroke = null;
    keep(mark);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);

  /* --- Keyboard --- */

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  canvas.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    const step = Math.max(width, height) / (event.shiftKey ? 400 : 50);
    if (arrow) {
      at = { x: clamped(at.x + arrow[0] * step, width), y: clamped(at.y + arrow[1] * step, height) };
    } else if (event.key === " " || event.key === "Enter") {
      marks.push({ type: "stroke", points: [[rounded(at.x), rounded(at.y)]], radius: rounded(radius()) });
    } else if (event.key === "+" || event.key === "=") {
      size.value = Number(size.value) + 1;
    } else if (event.key === "-") {
      size.value = Number(size.value) - 1;
    } else if (event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey))) {
      marks.pop();
    } else {
      return;
    }
    event.preventDefault();
    show();
    const spot = { left: (at.x / width) * canvas.clientWidth, top: (at.y / height) * canvas.clientHeight };
    if (arrow) frame.scrollTo({ left: spot.left - frame.clientWidth / 2, top: spot.top - frame.clientHeight / 2 });
  });
  canvas.addEventListener("focus", show);
  canvas.addEventListener("blur", show);

  /* --- Tools --- */

  const fit = () => {
    paper.style.width = `${Math.round(Math.min(width, frame.clientWidth) * ZOOMS[zoom])}px`;
    show();
  };
  form.querySelectorAll("[data-stet-zoom]").forEach((button) =>
    button.addEventListener("click", () => {
      const before = ZOOMS[zoom];
      zoom = clamped(zoom + Number(button.dataset.stetZoom), ZOOMS.length - 1);
      const grown = ZOOMS[zoom] / before;
      const middle = [frame.scrollLeft + frame.clientWidth / 2, frame.scrollTop + frame.clientHeight / 2];
      fit();
      frame.scrollTo(middle[0] * grown - frame.clientWidth / 2, middle[1] * grown - frame.clientHeight / 2);
    }),
  );
  undo.addEventListener("click", takeBack);
  clear.addEventListener("click", () => {
    marks.length = 0;
    show();
  });
  size.addEventListener("input", show);
  move.addEventListener("change", () => canvas.classList.toggle("stet-blur--moves", move.checked));
  window.addEventListener("resize", fit);

  /* --- Numbers --- */

  const numbers = ["left", "top", "width", "height"].map((name) => form.elements[name]);
  const rectangle = part("rectangle");
  rectangle.addEventListener("click", () => {
    const [left, top, wide, high] = numbers.map((field) => clamped(Number(field.value.replace(",", ".")) || 0, 100) / 100);
    if (!wide || !high) {
      numbers[wide ? 3 : 2].focus();
      return;
    }
    keep({
      type: "rectangle",
      x: rounded(left * width),
      y: rounded(top * height),
      width: rounded(wide * width),
      height: rounded(high * height),
    });
    numbers.forEach((field) => {
      field.value = "";
    });
  });

  try {
    marks.push(...JSON.parse(marksField.value || "[]"));
  } catch {
    marksField.value = "";
  }
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.opacity = 0.75;
  [canvas, part("tools"), part("keys"), rectangle].forEach((element) => {
    element.hidden = false;
  });
  fit();
})();
