using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

/// <summary>Loads and stores of fewer than sixteen lanes touch those alone.</summary>
[Collection("kernels")]
public sealed unsafe class PartialLanesTests
{
    [Fact]
    public void Of_every_count() => KernelSettings.Everywhere(() =>
    {
        for (int count = 1; count <= 16; count++)
        {
            using var x = new Floats(16, count);
            using var loaded = new Floats(16);
            using var stored = new Floats(18, 99);
            using var before = stored.Copy();
            var kernel = new Kernel(x, loaded, stored.Pointer + 1, count);
            Launch.Over(1, 1, ref kernel);
            for (int i = 0; i < 16; i++)
                Assert.Equal(i < count ? x[i] : -7f, loaded[i]);
            for (int i = 0; i < 18; i++)
                Assert.Equal(i >= 1 && i <= count ? x[i - 1] : before[i], stored[i]);
        }
    });

    private readonly struct Kernel(float* x, float* loaded, float* stored, int count) : IKernel
    {
        public readonly void Run<T>(long begin, long end)
            where T : unmanaged, ILanes<T>
        {
            T.Store(T.LoadPartial(x, count, -7f), loaded);
            T.StorePartial(T.Load(x), stored, count);
        }
    }
}
