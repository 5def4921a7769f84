using TorchSharp.Kernels;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;

public sealed unsafe class IndexRangeTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void The_first_outside_is_found_wherever_it_is(long outside)
    {
        for (int n = 0; n < 40; n++)
        {
            long[] indices = [.. Enumerable.Range(0, n).Select(i => (long)(i % 10))];
            fixed (long* p = indices)
            {
                Assert.Equal(-1, IndexRange.FirstOutside(p, n, 10));
                for (int at = n - 1; at >= 0; at--)
                {
                    p[at] = outside;
                    Assert.Equal(at, IndexRange.FirstOutside(p, n, 10));
                }

                Assert.Equal(n == 0 ? -1 : 0, IndexRange.FirstOutside(p, n, 0));
            }
        }
    }
}
