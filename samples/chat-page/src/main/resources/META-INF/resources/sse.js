/**
 * Reads server-sent events from a fetch response, as EventSource would; EventSource itself can neither POST nor show
 * the status of a refused request.
 *
 * @param {ReadableStream<Uint8Array>} body
 * @yields {{type: string, data: string, id: string}}
 */
export async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let type = '';
  let data = [];
  let id = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) {
        return;
      }
      rest += value;
      // A CR at the end may be half of a CRLF: it waits for the next read.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) {
            yield { type: type || 'message', data: data.join('\n'), id };
          }
          type = '';
          data = [];
          continue;
        }
        const colon = line.indexOf(':');
        const field = colon < 0 ? line : line.slice(0, colon);
        const text = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
        if (field === 'data') {
          data.push(text);
        } else if (field === 'event') {
          type = text;
        } else if (field === 'id') {
          id = text;
        }
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
