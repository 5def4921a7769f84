using System.Runtime.InteropServices;
using DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

/// <summary>Windows over time against the plain loops.</summary>
public sealed class PoolingTests
{
    public static TheoryData<int, int, int, int, bool> Windows() => new()
    {
        { 3, 3, 0, 1, false }, { 3, 2, 1, 1, false }, { 2, 2, 0, 1, true }, { 4, 3, 2, 1, true }, { 2, 1, 1, 3, false }, { 3, 5, 1, 2, true }, { 1, 1, 0, 1, false },
    };

    [Theory, MemberData(nameof(Windows))]
    public void The_maximum_of_each_window_and_its_place(int kernel, int stride, int padding, int dilation, bool up)
    {
        using DisposeScope scope = NewDisposeScope();
        manual_seed(kernel + stride);
        Tensor x = randn(2, 3, 11, float64);
        using MaxPool1d pool = nn.MaxPool1d(kernel, stride, padding, dilation, up);
        (Tensor values, Tensor places) = pool.forward_with_indices(x);
        int steps = Steps(11, kernel, stride, padding, dilation, up);
        Assert.Equal([2L, 3, steps], values.shape);
        for (int n = 0; n < 2; n++)
            for (int c = 0; c < 3; c++)
                for (int t = 0; t < steps; t++)
                {
                    long[] seen = [.. Enumerable.Range(0, kernel).Select(j => (long)t * stride - padding + j * dilation).Where(i => i is >= 0 and < 11)];
                    long best = seen.MaxBy(i => x[n, c, i].item<double>());
                    Assert.Equal(best, places[n, c, t].item<long>());
                    Assert.Equal(x[n, c, best].item<double>(), values[n, c, t].item<double>());
                }

        Assert.True(pool.call(x).Equals(values));
        Assert.True(F.max_pool1d(x[0], kernel, stride, padding, dilation, up).Equals(values[0]));
        Assert.True(F.max_pool1d_with_indices(x[1], kernel, stride, padding, dilation, up).indices.Equals(places[1]));
        Differences.Check([[2, 11]], i => F.max_pool1d(i[0], kernel, stride, padding, dilation, up));
    }

    [Theory, MemberData(nameof(Windows))]
    public void The_mean_of_each_window(int kernel, int stride, int padding, int dilation, bool up)
    {
        if (dilation != 1) return;
        using DisposeScope scope = NewDisposeScope();
        manual_seed(kernel);
        Tensor x = randn(2, 3, 11, float64);
        int steps = Steps(11, kernel, stride, padding, 1, up);
        foreach (bool all in (bool[])[true, false])
        {
            using AvgPool1d pool = nn.AvgPool1d(kernel, stride, padding, up, all);
            Tensor means = pool.call(x);
            Assert.Equal([2L, 3, steps], means.shape);
            for (int t = 0; t < steps; t++)
            {
                int first = t * stride - padding, last = Math.Min(first + kernel, 11 + padding);
                int[] seen = [.. Enumerable.Range(first, last - first).Where(i => i is >= 0 and < 11)];
                double mean = seen.Sum(i => x[1, 2, i].item<double>()) / (all ? last - first : seen.Length);
                Assert.Equal(mean, means[1, 2, t].item<double>(), 1e-12);
            }

            Assert.True(F.avg_pool1d(x[0], kernel, stride, padding, up, all).Equals(means[0]));
        }

        Differences.Check([[2, 11]], i => F.avg_pool1d(i[0], kernel, stride, padding, up));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(11)]
    [InlineData(15)]
    public void The_mean_of_each_part(int parts)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn(2, 3, 11, float64);
        using AdaptiveAvgPool1d pool = nn.AdaptiveAvgPool1d(parts);
        Tensor means = pool.call(x);
        Assert.Equal([2L, 3, parts], means.shape);
        for (int t = 0; t < parts; t++)
        {
            int first = t * 11 / parts, last = (int)Math.Ceiling((t + 1) * 11.0 / parts);
            Assert.Equal(Enumerable.Range(first, last - first).Average(i => x[0, 1, i].item<double>()), means[0, 1, t].item<double>(), 1e-12);
        }

        Assert.Equal([3L, 0], F.adaptive_avg_pool1d(x[0], 0).shape);
        Differences.Check([[2, 11]], i => F.adaptive_avg_pool1d(i[0], parts));
    }

    [Fact]
    public void Settings_are_kept_and_can_be_changed()
    {
        using DisposeScope scope = NewDisposeScope();
        using MaxPool1d max = nn.MaxPool1d(2);
        using AvgPool1d mean = nn.AvgPool1d(2);
        using AdaptiveAvgPool1d parts = nn.AdaptiveAvgPool1d(2);
        Tensor x = tensor(new[] { 1f, 5, 2, 8, 3, 4 }).view(1, 6);
        Assert.Equal((2L, null, null, null, false), (max.kernel_size, max.stride, max.padding, max.dilation, max.ceil_mode));
        Assert.Equal([5f, 8, 4], max.call(x).data<float>().ToArray());
        (max.kernel_size, max.stride, max.padding, max.dilation, max.ceil_mode) = (2, 4, 1, 2, true);
        Assert.Equal([5f, 8], max.call(x).data<float>().ToArray());
        Assert.Equal((2L, null, 0L, false, true), (mean.kernel_size, mean.stride, mean.padding, mean.ceil_mode, mean.count_include_pad));
        Assert.Equal([3f, 5, 3.5f], mean.call(x).data<float>().ToArray());
        (mean.kernel_size, mean.stride, mean.padding, mean.ceil_mode, mean.count_include_pad) = (4, 4, 1, true, false);
        Assert.Equal([8f / 3, 5], mean.call(x).data<float>().ToArray());
        Assert.Equal(2, parts.output_size);
        parts.output_size = 3;
        Assert.Equal([3f, 5, 3.5f], parts.call(x).data<float>().ToArray());
        Assert.True(F.max_pool1d(tensor(new[] { 1f, float.NaN, 2 }).view(1, 3), 3).isnan().item<bool>());
    }

    [Fact]
    public void What_has_no_windows_is_refused()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = randn(1, 4);
        Refused("max_pool1d() Expected 2D or 3D input tensor, but got [4]", () => F.max_pool1d(x[0], 2));
        Refused("pad should be at most half of effective kernel size, but got pad=2, kernel_size=2 and dilation=1", () => F.avg_pool1d(x, 2, padding: 2));
        Refused("kernel size should be greater than zero", () => F.max_pool1d(x, 0));
        Refused("stride should not be zero", () => F.max_pool1d(x, 2, 0));
        Refused("Given input size: (1x1x4). Calculated output size: (1x1x0). Output size is too small", () => F.avg_pool1d(x, 5));
        Refused("\"adaptive_avg_pool1d\" not implemented for 'Long'", () => F.adaptive_avg_pool1d(x.to(int64), 2));
    }

    static void Refused(string message, Action act) => Assert.StartsWith(message, Assert.Throws<ExternalException>(act).Message, StringComparison.Ordinal);

    static int Steps(int length, int kernel, int stride, int padding, int dilation, bool up)
    {
        int span = dilation * (kernel - 1) + 1, all = length + 2 * padding, steps = 1;
        // Further windows lie within the padded input; or, rounded up, come until its end is reached, and begin before what was added behind.
        while (up ? (steps - 1) * stride + span < all && steps * stride < length + padding : steps * stride + span <= all) steps++;
        return steps;
    }
}
