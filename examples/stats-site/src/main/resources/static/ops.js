// The operations page: shows what the stream tells, and presses buttons on the server.

const mayAct = document.body.dataset.mayAct === 'true';
const byId = id => document.getElementById(id);

const STATE_WORDS = { UP: 'in use', DOWN: 'out of use', PROBING: 'being tried' };
const PROCESS_WORDS = { RUNNING: 'running', HUNG: 'stopped', KILLED: 'killed' };
const ACTIONS = [
  { name: 'kill', word: 'Kill', possible: process => process !== 'KILLED' },
  { name: 'hang', word: 'Hang', possible: process => process === 'RUNNING' },
  { name: 'resume', word: 'Let go on', possible: process => process === 'HUNG' },
  { name: 'restart', word: 'Restart', possible: () => true },
];
const SOURCES = [
  ['near', 'this process'],
  ['memcached', 'memcached'],
  ['fallback', 'own memory, node dead'],
  ['stale', 'older values'],
  ['loaded', 'the database'],
];
const NOTHING = { near: 0, memcached: 0, fallback: 0, stale: 0, loaded: 0 };
const KEPT = 240; // a minute of frames
const JOURNAL_KEPT = 200;

// Element with attributes and children; a text is a child too.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// Only what differs is touched, so that neither a reader nor a focus is disturbed four times a second.
function say(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

function set(target, name, value) {
  if (target.getAttribute(name) !== String(value)) {
    target.setAttribute(name, value);
  }
}

async function press(path, parameters = {}) {
  const refused = byId('refused');
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'X-Stats-Site-Ops': '1' },
      body: new URLSearchParams(parameters),
    });
    // 409: someone else was faster, and the next frame shows it.
    refused.hidden = answer.ok || answer.status === 409;
    if (!refused.hidden) {
      say(refused, `The site refused: ${answer.status} ${await answer.text()}`);
    }
  } catch {
    say(refused, 'The site could not be reached.');
    refused.hidden = false;
  }
}

// Nodes

function nodeCard(node) {
  const card = element('li', { class: 'node', 'data-address': node.address });
  const head = element('div', { class: 'node-head' },
    element('h3', {}, node.name), element('span', { class: 'state' }));
  const list = element('dl', {},
    element('dt', {}, 'Share of the keys'), element('dd', { class: 'share-word' }),
    element('div', { class: 'share', 'aria-hidden': 'true' }, element('span')),
    element('dt', {}, 'Connections'), element('dd', { class: 'connections' }),
    element('dt', {}, 'Server'), element('dd', { class: 'server' }),
    element('dt', {}, 'Process'), element('dd', { class: 'process' }));
  card.append(head, element('p', { class: 'detail' }), list);
  if (mayAct && node.process) {
    const actions = element('div', { class: 'actions' });
    for (const action of ACTIONS) {
      const button = element('button', { type: 'button', class: action.name, 'aria-label': `${action.word} ${node.name}` }, action.word);
      button.addEventListener('click', () => {
        // Not "disabled": the focus would be lost.
        if (button.getAttribute('aria-disabled') !== 'true') {
          press(`/ops/nodes/${node.address}/${action.name}`);
        }
      });
      actions.append(button);
    }
    card.append(actions);
  }
  return card;
}

function since(instant, now) {
  const seconds = Math.max(0, Math.floor((now - Date.parse(instant)) / 1000));
  return seconds < 120 ? `${seconds} s` : seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

function showNodes(nodes, now) {
  const list = byId('nodes');
  const addresses = nodes.map(node => node.address).join();
  if (list.dataset.addresses !== addresses) {
    list.dataset.addresses = addresses;
    list.replaceChildren(...nodes.map(nodeCard));
  }
  nodes.forEach((node, i) => {
    const card = list.children[i];
    const find = name => card.querySelector(name);
    set(card, 'data-state', node.state);
    say(find('.state'), STATE_WORDS[node.state]);
    say(find('.detail'), node.detail ? `For ${since(node.since, now)}: ${node.detail}` : `For ${since(node.since, now)}, at ${node.address}`);
    const percent = Math.round(node.ringShare * 100);
    say(find('.share-word'), `${percent} %`);
    find('.share > span').style.width = `${percent}%`;
    say(find('.connections'), node.connections < 0 ? '–' : `${node.connections} of ${node.maxConnections.toLocaleString('en')}`);
    const version = node.version ? `memcached ${node.version}` : 'memcached';
    say(find('.server'), version);
    say(find('.process'), node.process ? PROCESS_WORDS[node.process] : 'not of this site');
    ACTIONS.forEach(action => {
      const button = card.querySelector(`button.${action.name}`);
      if (button) {
        set(button, 'aria-disabled', !action.possible(node.process));
      }
    });
  });
}

function showAdvisories(advisories) {
  const list = byId('advisories');
  const all = advisories.join('\n');
  if (list.dataset.all !== all) {
    list.dataset.all = all;
    list.replaceChildren(...advisories.map(text => element('li', {}, text)));
  }
}

// Figures with a minute of their past

class Tile {
  constructor(id, least) {
    this.tile = byId(id);
    this.least = least; // what the axis shows at least
    this.values = [];
    const plot = this.tile.querySelector('.plot');
    const path = name => {
      const made = document.createElementNS('http://www.w3.org/2000/svg', 'path');
      made.setAttribute('class', name);
      plot.append(made);
      return made;
    };
    this.area = path('area');
    this.limit = path('limit');
    this.line = path('line');
  }

  show(value, text, note, bad, limit) {
    this.values.push(value);
    if (this.values.length > KEPT) {
      this.values.shift();
    }
    say(this.tile.querySelector('[data-value]'), text);
    say(this.tile.querySelector('[data-note]'), note);
    set(this.tile, 'data-bad', bad);
    const top = Math.max(this.least, ...this.values) * 1.1;
    const y = v => (60 - 56 * v / top).toFixed(1);
    const first = KEPT - this.values.length;
    const points = this.values.map((v, i) => `${first + i},${y(v)}`).join('L');
    this.line.setAttribute('d', `M${points}`);
    this.area.setAttribute('d', `M${first},60L${points}L${KEPT - 1},60Z`);
    this.limit.setAttribute('d', limit === undefined ? '' : `M0,${y(limit)}H240`);
  }
}

const tiles = {
  served: new Tile('tile-served', 20),
  p99: new Tile('tile-p99', 50),
  database: new Tile('tile-database', 8),
  lost: new Tile('tile-lost', 10),
};

function millis(value) {
  return value < 0 ? '–' : value < 1000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

function showFigures({ visits, database }) {
  const whole = value => Math.round(value).toLocaleString('en');
  tiles.served.show(visits.servedPerSecond, whole(visits.servedPerSecond),
    `of ${visits.wantedPerSecond} who come`, visits.servedPerSecond < 0.8 * visits.wantedPerSecond && visits.lostPerSecond > 1);
  tiles.p99.show(Math.max(0, visits.p99Millis), millis(visits.p99Millis),
    `${visits.onTheSite} are waiting now`, visits.p99Millis > 1000);
  tiles.database.show(database.running, `${database.running} of ${database.slots}`,
    database.waiting > 0 ? `${database.waiting} more wait` : `${whole(database.queriesPerSecond)} queries a second`,
    database.waiting > 0, database.slots);
  tiles.lost.show(visits.lostPerSecond, whole(visits.lostPerSecond),
    visits.lostPerSecond >= 0.5 ? 'turned away or gone' : 'nobody', visits.lostPerSecond >= 0.5);
}

function showAnswers(answers) {
  const bar = byId('answers-bar');
  const key = byId('answers-key');
  if (!bar.children.length) {
    SOURCES.forEach(([name, words]) => {
      bar.append(element('span', { class: name }));
      key.append(element('li', {}, element('i', { class: name, 'aria-hidden': 'true' }), element('span', {}, words), element('b')));
    });
  }
  const total = SOURCES.reduce((sum, [name]) => sum + answers[name], 0);
  SOURCES.forEach(([name], i) => {
    const share = total > 0 ? answers[name] / total : 0;
    bar.children[i].style.width = `${(share * 100).toFixed(2)}%`;
    say(key.children[i].querySelector('b'), `${Math.round(answers[name])} a second`);
  });
}

function headline(frame) {
  const dead = frame.nodes.filter(node => node.state !== 'UP').length;
  const all = frame.nodes.length;
  const nodes = dead === 0 ? `All ${all} nodes are in use` : dead === all ? 'No node is in use' : `${dead} of ${all} nodes ${dead === 1 ? 'is' : 'are'} out of use`;
  if (!frame.leveeOn) {
    return 'Levee is off: every page asks the database.';
  }
  const drowning = frame.database.waiting > 0 || frame.visits.lostPerSecond >= 1;
  return `${nodes}. ${drowning ? 'The database is at its limit.' : 'The site is well.'}`;
}

function showLevee(on) {
  const button = byId('levee');
  if (button) {
    button.disabled = false;
    set(button, 'aria-checked', on);
    say(byId('levee-word'), on ? 'on' : 'off');
  }
}

let dragging = false;

function showVisitors(wanted) {
  const slider = byId('visitors');
  if (slider && !dragging && document.activeElement !== slider) {
    slider.value = wanted;
    say(byId('visitors-word'), String(wanted));
  }
}

function showJournal(entries) {
  const list = byId('journal');
  for (const entry of entries) {
    const at = new Date(entry.at);
    list.prepend(element('li', { class: entry.kind.toLowerCase(), 'data-number': entry.number },
      element('time', { datetime: entry.at }, at.toLocaleTimeString('en-GB')), element('span', {}, entry.text)));
  }
  while (list.children.length > JOURNAL_KEPT) {
    list.lastElementChild.remove();
  }
}

// The stream

const stream = new EventSource('/ops/stream');
let frames = 0;

stream.addEventListener('open', () => { byId('connection').hidden = true; });
stream.addEventListener('error', () => { byId('connection').hidden = false; });
stream.addEventListener('message', message => {
  const { frame, journal } = JSON.parse(message.data);
  document.body.dataset.frames = ++frames;
  showNodes(frame.nodes, Date.parse(frame.at));
  showAdvisories(frame.advisories);
  showFigures(frame);
  // What nobody caches the database answers, query by query.
  showAnswers(frame.leveeOn ? frame.answers : { ...NOTHING, loaded: frame.database.queriesPerSecond });
  say(byId('headline'), headline(frame));
  showLevee(frame.leveeOn);
  showVisitors(frame.visits.wantedPerSecond);
  showJournal(journal);
});

// Buttons

if (mayAct) {
  const levee = byId('levee');
  levee.addEventListener('click', () => press('/ops/levee', { on: levee.getAttribute('aria-checked') !== 'true' }));
  const slider = byId('visitors');
  slider.addEventListener('pointerdown', () => { dragging = true; });
  slider.addEventListener('pointerup', () => { dragging = false; });
  slider.addEventListener('input', () => say(byId('visitors-word'), slider.value));
  slider.addEventListener('change', () => press('/ops/visitors', { perSecond: slider.value }));
}
