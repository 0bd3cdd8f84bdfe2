package dev.aistream.sse;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Ways to cut a body into chunks. */
public final class Cuts {

    private static final ThreadLocal<ByteBuffer> DIRECT =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(1 << 20));

    private Cuts() {}

    public static List<byte[]> every(byte[] body, int size) {
        List<byte[]> chunks = new ArrayList<>();
        for (int from = 0; from < body.length; from += size) {
            chunks.add(Arrays.copyOfRange(body, from, Math.min(body.length, from + size)));
        }
        return chunks;
    }

    /** Pieces of these sizes, then the rest. */
    static List<byte[]> at(byte[] body, int... sizes) {
        List<byte[]> chunks = new ArrayList<>();
        int from = 0;
        for (int size : sizes) {
            chunks.add(Arrays.copyOfRange(body, from, from += size));
        }
        chunks.add(Arrays.copyOfRange(body, from, body.length));
        return chunks;
    }

    /** Mostly small pieces, some large, some empty. */
    public static List<byte[]> random(byte[] body, Random random) {
        List<byte[]> chunks = new ArrayList<>();
        int from = 0;
        while (from < body.length) {
            int bound = random.nextInt(8) == 0 ? 10_000 : 20;
            int size = Math.min(random.nextInt(bound), body.length - from);
            chunks.add(Arrays.copyOfRange(body, from, from += size));
        }
        return chunks;
    }

    /** The chunk inside a larger array, between bytes that must not be looked at. */
    static ByteBuffer heapSlice(byte[] chunk) {
        byte[] around = new byte[chunk.length + 19];
        Arrays.fill(around, (byte) '\n');
        System.arraycopy(chunk, 0, around, 7, chunk.length);
        return ByteBuffer.wrap(around, 4, chunk.length + 6).slice().position(3).limit(3 + chunk.length);
    }

    /** The chunk in direct memory, which the next call writes over. */
    static ByteBuffer direct(byte[] chunk) {
        return DIRECT.get().clear().put(chunk).flip();
    }
}
