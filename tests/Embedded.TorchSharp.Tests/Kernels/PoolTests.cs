using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

[Collection("kernels")]
public sealed unsafe class PoolTests
{
    [Fact]
    public void Every_piece_runs_once_also_when_nested()
    {
        var counts = new int[500];
        int threads = WorkPool.Threads;
        try
        {
            WorkPool.Threads = 3;
            for (int round = 0; round < 50; round++)
                WorkPool.For(10, i => WorkPool.For(50, j => Interlocked.Increment(ref counts[(i * 50) + j])));
        }
        finally
        {
            WorkPool.Threads = threads;
        }

        Assert.All(counts, c => Assert.Equal(50, c));
    }

    [Fact]
    public void An_exception_reaches_the_caller_and_the_pool_goes_on()
    {
        var error = Assert.Throws<InvalidOperationException>(() => WorkPool.For(100, i =>
        {
            if (i == 17)
                throw new InvalidOperationException("piece 17");
        }));
        Assert.Equal("piece 17", error.Message);
        int done = 0;
        WorkPool.For(100, _ => Interlocked.Increment(ref done));
        Assert.Equal(100, done);
    }

    [Fact]
    public void Loops_of_several_threads_do_not_meet()
    {
        var sums = new long[4];
        var threads = Enumerable.Range(0, 4).Select(t => new Thread(() =>
        {
            for (int round = 0; round < 200; round++)
                WorkPool.For(8, i => Interlocked.Add(ref sums[t], i));
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.All(sums, s => Assert.Equal(200 * 28, s));
    }

    [Fact]
    public void A_buffer_that_is_used_again_is_not_counted_as_new()
    {
        const long Bytes = 3L << 27; // A class that no other test fills.
        long fresh = BufferPool.FreshBuffers;
        void* first = BufferPool.Rent(Bytes), second = BufferPool.Rent(Bytes);
        Assert.Equal(2, BufferPool.FreshBuffers - fresh);
        BufferPool.Return(first, Bytes);
        void* third = BufferPool.Rent(Bytes);
        Assert.Equal((nint)first, (nint)third);
        Assert.Equal(2, BufferPool.FreshBuffers - fresh);
        BufferPool.Return(second, Bytes);
        BufferPool.Return(third, Bytes);
        BufferPool.Trim();
    }

    [Fact]
    public void Buffers_are_aligned_counted_and_used_again()
    {
        long live = BufferPool.LiveBytes;
        foreach (long bytes in new long[] { 0, 1, 256, 257, 320, 321, 1000, 4096, 4097, 1_000_003 })
        {
            void* first = BufferPool.Rent(bytes);
            Assert.Equal(0, (nint)first % 64);
            Assert.InRange(BufferPool.LiveBytes - live, Math.Max(bytes, 256), Math.Max(256, bytes * 5 / 4));
            new Span<byte>(first, (int)bytes).Fill(0xAB);
            BufferPool.Return(first, bytes);
            void* second = BufferPool.Rent(bytes);
            Assert.Equal((nint)first, (nint)second);
            BufferPool.Return(second, bytes);
        }

        Assert.Equal(live, BufferPool.LiveBytes);
        Assert.True(BufferPool.TotalBytes > 0);
    }
}
