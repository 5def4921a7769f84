using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Persistent threads for short parallel loops. Each thread has its own stretch of a loop's pieces, the same in every loop,
/// so that what one operation left in a core's caches is read there by the next; done with it, it helps the others. So which
/// thread does which piece is left to chance in the end; callers split work so that no result depends on it. A loop inside
/// a loop, or beside another thread's, runs on its own thread alone.
/// </summary>
internal static unsafe class WorkPool
{
    private const int SpinRounds = 400; // some 20 to 50 microseconds before a worker parks
    private static readonly object s_turn = new();
    private static Worker[] s_workers = [];
    private static int s_threads = Environment.ProcessorCount;

    private static delegate*<void*, int, void> s_body;
    private static void* s_state;
    private static int s_sharing;
    private static Stretch[] s_stretches = [new()];
    private static int s_running;
    private static Exception? s_failure;

    [ThreadStatic]
    private static bool t_inside;

    /// <summary>How many threads a loop may use, the calling one included; at least 1.</summary>
    internal static int Threads
    {
        get => s_threads;
        set => s_threads = Math.Max(1, value);
    }

    /// <summary>Runs pieces 0 to <paramref name="count"/> - 1 and returns when all are done.</summary>
    /// <exception cref="Exception">The first exception of a piece; the pieces not begun by then are left out.</exception>
    internal static void For<TBody>(int count, ref TBody body)
        where TBody : struct, IParallelBody
    {
        if (count > 1 && s_threads > 1 && !t_inside && Monitor.TryEnter(s_turn))
        {
            try
            {
                var copy = body; // on this stack, where it can't move
                Share(count, &Invoke<TBody>, Unsafe.AsPointer(ref copy));
                body = copy;
            }
            finally
            {
                Monitor.Exit(s_turn);
            }

            return;
        }

        for (int i = 0; i < count; i++)
            body.Run(i);
    }

    /// <summary>As <see cref="For{TBody}(int, ref TBody)"/>, with a delegate.</summary>
    internal static void For(int count, Action<int> action)
    {
        var body = new ActionBody(action);
        For(count, ref body);
    }

    private static void Invoke<TBody>(void* state, int index)
        where TBody : struct, IParallelBody => Unsafe.AsRef<TBody>(state).Run(index);

    private static void Share(int count, delegate*<void*, int, void> body, void* state)
    {
        int helpers = Math.Min(s_threads, count) - 1;
        if (s_workers.Length < helpers)
            Grow(helpers);
        s_body = body;
        s_state = state;
        for (int t = 0; t <= helpers; t++)
        {
            s_stretches[t].Next = (int)((long)count * t / (helpers + 1));
            s_stretches[t].End = (int)((long)count * (t + 1) / (helpers + 1));
        }

        s_sharing = helpers + 1;
        s_failure = null;
        Volatile.Write(ref s_running, helpers);
        for (int i = 0; i < helpers; i++)
            s_workers[i].Wake();

        Drain(0);
        for (int i = 0; i < helpers; i++)
        {
            // A helper that has not woken yet has nothing left to do.
            if (s_workers[i].TryDismiss())
                Interlocked.Decrement(ref s_running);
        }

        var spinner = new SpinWait();
        while (Volatile.Read(ref s_running) != 0)
            spinner.SpinOnce(sleep1Threshold: -1);
        if (s_failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static void Drain(int own)
    {
        t_inside = true;
        try
        {
            for (int i = 0; i < s_sharing; i++)
            {
                ref var stretch = ref s_stretches[(own + i) % s_sharing];
                int index;
                while ((index = Interlocked.Increment(ref stretch.Next) - 1) < stretch.End)
                    s_body(s_state, index);
            }
        }
#pragma warning disable CA1031 // rethrown on the calling thread
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Interlocked.CompareExchange(ref s_failure, exception, null);
            for (int i = 0; i < s_sharing; i++)
                Volatile.Write(ref s_stretches[i].Next, s_stretches[i].End);
        }
        finally
        {
            t_inside = false;
        }
    }

    private static void Grow(int helpers)
    {
        var workers = new Worker[helpers];
        for (int i = 0; i < helpers; i++)
            workers[i] = i < s_workers.Length ? s_workers[i] : new Worker(i + 1);
        s_workers = workers;
        s_stretches = new Stretch[helpers + 1];
    }

    /// <summary>The pieces of one thread that are left; two cache lines, since cores fetch lines in pairs.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Stretch
    {
        [FieldOffset(0)]
        internal int Next;

        [FieldOffset(4)]
        internal int End;
    }

    private readonly struct ActionBody(Action<int> action) : IParallelBody
    {
        public void Run(int index) => action(index);
    }

    /// <summary>One thread: spins shortly for its next call, then sleeps.</summary>
#pragma warning disable CA1001 // lives as long as the process
    private sealed class Worker
#pragma warning restore CA1001
    {
        private const int Idle = 0;
        private const int Called = 1;
        private const int Parked = 2;
        private readonly SemaphoreSlim _bell = new(0);
        private readonly int _number;
        private int _state;

        /// <summary>Starts the thread; the calling thread of a loop is number 0.</summary>
        internal Worker(int number)
        {
            _number = number;
            new Thread(Loop) { IsBackground = true, Name = $"torch worker {number}" }.Start();
        }

        internal void Wake()
        {
            if (Interlocked.Exchange(ref _state, Called) == Parked)
                _bell.Release();
        }

        internal bool TryDismiss() => Interlocked.CompareExchange(ref _state, Idle, Called) == Called;

        private void Loop()
        {
            while (true)
            {
                for (int i = 0; i < SpinRounds && Volatile.Read(ref _state) != Called; i++)
                    Thread.SpinWait(8);
                if (Interlocked.CompareExchange(ref _state, Idle, Called) == Called)
                {
                    Drain(_number);
                    Interlocked.Decrement(ref s_running);
                }
                else if (Interlocked.CompareExchange(ref _state, Parked, Idle) == Idle)
                {
                    // What rang may be over by the time that this thread wakes: it spins again, to be there for the next.
                    _bell.Wait();
                }
            }
        }
    }
}
