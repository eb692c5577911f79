// The live graph and its numbers, and "select all". Everything else on the pages works without script.
'use strict';

const pointsMax = 120;
const svgNamespace = 'http://www.w3.org/2000/svg';

function selectAll() {
  for (const all of document.querySelectorAll('[data-select-all]')) {
    all.addEventListener('change', () => {
      for (const box of all.closest('form').querySelectorAll('input[name=key]')) box.checked = all.checked;
    });
  }
}

function grouped(number, separator) {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, separator);
}

function showNumbers(stats) {
  const { sets } = stats.faktory;
  const numbers = {
    processed: stats.faktory.total_processed, failures: stats.faktory.total_failures, enqueued: stats.faktory.total_enqueued,
    working: sets.working, retries: sets.retries, scheduled: sets.scheduled, dead: sets.dead, connections: stats.server.connections,
  };
  for (const shown of document.querySelectorAll('[data-live]')) {
    const text = grouped(numbers[shown.dataset.live], shown.dataset.group ?? '');
    if (shown.textContent !== text) shown.textContent = text;
  }
}

function live(graph) {
  const [ok, bad] = ['ok', 'bad'].map(name => {
    const line = document.createElementNS(svgNamespace, 'polyline');
    line.setAttribute('class', name);
    graph.append(line);
    return line;
  });
  const [interval, shown] = [document.getElementById('interval'), document.getElementById('interval-shown')];
  const summary = document.getElementById('summary');
  const points = [];
  let last = null;
  let saidAt = 0;
  let timer = 0;

  function draw() {
    const top = Math.max(1, ...points.map(p => p.processed));
    const place = (value, i) => `${(600 - (points.length - 1 - i) * 600 / (pointsMax - 1)).toFixed(1)},${(116 - value / top * 110).toFixed(1)}`;
    ok.setAttribute('points', points.map((p, i) => place(p.processed, i)).join(' '));
    bad.setAttribute('points', points.map((p, i) => place(p.failed, i)).join(' '));
  }

  function count(stats) {
    const now = { at: performance.now(), processed: stats.faktory.total_processed, failed: stats.faktory.total_failures };
    if (last && now.processed >= last.processed) {
      const seconds = (now.at - last.at) / 1000;
      const rate = { processed: (now.processed - last.processed) / seconds, failed: (now.failed - last.failed) / seconds };
      points.push(rate);
      if (points.length > pointsMax) points.shift();
      const [processed, failed] = [rate.processed.toFixed(1), rate.failed.toFixed(1)];
      document.getElementById('rate-processed').textContent = processed;
      document.getElementById('rate-failed').textContent = failed;
      // Read aloud, so not with every update.
      if (now.at - saidAt > 30000) {
        summary.textContent = summary.dataset.text.replace('{0}', processed).replace('{1}', failed);
        saidAt = now.at;
      }
      draw();
    }
    last = now;
  }

  async function poll() {
    clearTimeout(timer);
    try {
      const answer = await fetch(graph.dataset.stats, { credentials: 'same-origin', cache: 'no-store' });
      if (answer.ok) {
        const stats = await answer.json();
        showNumbers(stats);
        count(stats);
      }
      graph.classList.toggle('stale', !answer.ok);
    } catch {
      graph.classList.add('stale');
    }
    timer = setTimeout(poll, interval.value * 1000);
  }

  function choose() {
    shown.textContent = shown.dataset.unit.replace('#', interval.value);
  }

  const kept = Number(localStorage.getItem('faktory_interval'));
  if (kept >= 2 && kept <= 20) interval.value = kept;
  choose();
  interval.addEventListener('input', choose);
  interval.addEventListener('change', () => {
    localStorage.setItem('faktory_interval', interval.value);
    poll();
  });
  poll();
}

document.documentElement.classList.add('scripted');
selectAll();
const graph = document.getElementById('live');
if (graph) live(graph);
