import { readEvents } from './sse.js';

const STREAM_PATH = 'stream';
const find = (id) => document.getElementById(id);
const form = find('form');
const prompt = find('prompt');
const send = find('send');
const stop = find('stop');
const regenerate = find('regenerate');
const conversation = find('conversation');
const status = find('status');

/** What has been said, in the form in which it is sent. */
let messages = [];
/** Aborts the answer in progress; null while there is none. */
let running = null;

// ---- Statistics ----------------------------------------------------------------------------------------------------

class Statistics {
  #start = performance.now();
  #first = null;
  #fragments = 0;
  #timer = setInterval(() => this.#show(), 100);

  fragment() {
    this.#first ??= performance.now();
    this.#fragments++;
  }

  end(usage) {
    clearInterval(this.#timer);
    this.#show(usage?.outputTokens);
  }

  #show(counted) {
    const now = performance.now();
    const tokens = counted ?? this.#fragments;
    const generating = this.#first === null ? 0 : (now - this.#first) / 1000;
    find('first-token').textContent = this.#first === null ? '–' : `${Math.round(this.#first - this.#start)} ms`;
    // Until the provider has counted, one fragment stands for about one token.
    find('tokens').textContent = counted === undefined && tokens > 0 ? `≈ ${tokens}` : `${tokens}`;
    find('rate').textContent = generating > 0 ? (tokens / generating).toFixed(1) : '–';
    find('elapsed').textContent = `${((now - this.#start) / 1000).toFixed(1)} s`;
  }
}

// ---- The page ------------------------------------------------------------------------------------------------------

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

function addTurn(role, text) {
  find('empty').hidden = true;
  const turn = element('li', `turn ${role}`);
  const said = element('div', 'said');
  said.append(text);
  turn.append(element('p', 'who', role === 'user' ? 'You' : 'Assistant'), said);
  conversation.append(turn);
  turn.scrollIntoView({ block: 'end' });
  return turn;
}

/** One answer on the page. Everything from the provider goes in as text, never as markup. */
class AnswerView {
  #turn = addTurn('assistant', '');
  #said = this.#turn.querySelector('.said');
  #reasoning = null;

  constructor() {
    this.#turn.setAttribute('aria-busy', 'true');
  }

  append(text) {
    const main = document.querySelector('main');
    const following = main.scrollHeight - main.scrollTop - main.clientHeight < 80;
    this.#said.append(text);
    if (following) {
      main.scrollTop = main.scrollHeight;
    }
  }

  appendReasoning(text) {
    if (this.#reasoning === null) {
      const details = element('details', 'reasoning');
      details.append(element('summary', '', 'Reasoning'), (this.#reasoning = element('p')));
      this.#turn.insertBefore(details, this.#said);
    }
    this.#reasoning.append(text);
  }

  note(text) {
    this.#turn.append(element('p', 'note', text));
  }

  fail(failure, retry) {
    const box = element('div', 'failure');
    box.setAttribute('role', 'alert');
    const words = element('p', '', failure.message);
    if (failure.requestId) {
      words.append(element('small', '', `Request ${failure.requestId}`));
    }
    const button = element('button', '', 'Try again');
    button.type = 'button';
    button.addEventListener('click', retry);
    box.append(words, button);
    this.#turn.append(box);
  }

  end() {
    this.#turn.removeAttribute('aria-busy');
    this.#said.hidden = this.#said.textContent === '';
    this.#turn.scrollIntoView({ block: 'end' });
  }

  remove() {
    this.#turn.remove();
  }

  get text() {
    return this.#said.textContent;
  }
}

function setBusy(busy) {
  send.disabled = busy;
  stop.hidden = !busy;
  regenerate.disabled = busy || messages.length === 0;
  document.body.dataset.state = busy ? 'streaming' : 'idle';
}

// ---- Asking --------------------------------------------------------------------------------------------------------

async function refusal(response) {
  const problem = await response.json().catch(() => ({}));
  const wait = response.headers.get('Retry-After');
  const words = problem.detail || problem.title || `The server answered ${response.status}.`;
  return {
    message: wait ? `${words} Try again in ${wait} s.` : words,
    requestId: problem.requestId,
  };
}

function csrfHeaders() {
  const token = document.cookie.match(/(?:^|;\s*)XSRF-TOKEN=([^;]+)/);
  return token ? { 'X-XSRF-TOKEN': decodeURIComponent(token[1]) } : {};
}

/** Streams one answer into the view; returns the failure that ended it, or null. */
async function stream(view, statistics, signal) {
  const response = await fetch(STREAM_PATH, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', ...csrfHeaders() },
    body: JSON.stringify({ messages }),
    signal,
  });
  if (!response.ok) {
    statistics.end();
    return refusal(response);
  }
  for await (const event of readEvents(response.body)) {
    const data = JSON.parse(event.data);
    switch (event.type) {
      case 'chunk':
        statistics.fragment();
        view.append(data.text);
        break;
      case 'reasoning':
        statistics.fragment();
        view.appendReasoning(data.text);
        break;
      case 'refusal':
        statistics.fragment();
        view.append(data.text);
        break;
      case 'tool-call':
        view.note(`The model asks for the tool ${data.name}.`);
        break;
      case 'complete':
        statistics.end(data.usage);
        if (data.finishReason === 'length') {
          view.note('The answer reached its length limit.');
        } else if (data.finishReason === 'content_filter') {
          view.note('The provider withheld the rest.');
        }
        return null;
      case 'failure':
        statistics.end();
        return data;
      default:
        break;
    }
  }
  statistics.end();
  return { message: 'The connection broke before the answer was whole.' };
}

async function answer() {
  running = new AbortController();
  setBusy(true);
  status.textContent = 'The answer is being generated.';
  const view = new AnswerView();
  const statistics = new Statistics();
  let failure;
  try {
    failure = await stream(view, statistics, running.signal);
  } catch (error) {
    statistics.end();
    failure = error.name === 'AbortError' ? null : { message: 'The server cannot be reached.' };
  }
  const stopped = running.signal.aborted;
  running = null;
  if (stopped) {
    view.note('Stopped.');
  }
  if (failure) {
    view.fail(failure, () => {
      if (!running) {
        view.remove();
        answer();
      }
    });
  } else if (view.text.trim() !== '') {
    messages = [...messages, { role: 'assistant', content: view.text }];
  }
  view.end();
  setBusy(false);
  status.textContent = failure ? `The answer failed: ${failure.message}` : stopped ? 'Stopped.' : 'The answer is complete.';
}

function ask(text) {
  conversation.querySelectorAll('.failure button').forEach((retry) => retry.remove());
  // A question whose answer failed is asked again, not twice.
  if (messages.at(-1)?.role === 'user') {
    messages = messages.slice(0, -1);
  }
  messages = [...messages, { role: 'user', content: text }];
  addTurn('user', text);
  return answer();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = prompt.value.trim();
  if (running || text === '') {
    return;
  }
  prompt.value = '';
  prompt.focus();
  ask(text);
});

prompt.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    running?.abort();
  }
});

stop.addEventListener('click', () => {
  running?.abort();
  prompt.focus();
});

regenerate.addEventListener('click', () => {
  if (messages.at(-1)?.role === 'assistant') {
    messages = messages.slice(0, -1);
  }
  conversation.querySelector('.turn.assistant:last-of-type')?.remove();
  answer();
});

fetch('provider')
  .then((response) => response.json())
  .then(({ provider, simulated }) => {
    const badge = find('provider');
    badge.textContent = simulated ? 'Simulated answers: no model is asked' : `Answers by ${provider}`;
    badge.classList.toggle('simulated', simulated);
    badge.hidden = false;
  })
  .catch(() => {});

setBusy(false);
