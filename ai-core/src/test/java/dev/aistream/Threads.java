package dev.aistream;

/** Threads for tests that run on 17 and on 25. */
final class Threads {

    private Threads() {}

    /** A virtual thread where the JVM has them, else a platform thread. */
    static void virtualWhereThereAre(Runnable task) {
        try {
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        } catch (NoSuchMethodException e) {
            new Thread(task).start();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
