using DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Ops;

/// <summary>An operator takes a tensor, a Scalar or any of C#'s numbers on either side.</summary>
public sealed class OperatorsTests
{
    [Fact]
    public void Sums()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { -5f, 4 }), y = full_like(x, 3);
        Values.Same(x + y, x + 3, x + 3L, x + 3f, x + 3.0, x + (Scalar)3, 3 + x, 3L + x, 3f + x, 3.0 + x, (Scalar)3 + x);
        Assert.Equal([-2, 7], Values.Of(x + 3f));
    }

    [Fact]
    public void Differences()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { -5f, 4 }), y = full_like(x, 3);
        Values.Same(x - y, x - 3, x - 3L, x - 3f, x - 3.0, x - (Scalar)3);
        Assert.Equal([-8, 1], Values.Of(x - 3L));
        Values.Same(y - x, 3 - x, 3L - x, 3f - x, 3.0 - x, (Scalar)3 - x);
        Assert.Equal([8, -1], Values.Of(3L - x));
    }

    [Fact]
    public void Products()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { -5f, 4 }), y = full_like(x, 3);
        Values.Same(x * y, x * 3, x * 3L, x * 3f, x * 3.0, x * (Scalar)3, 3 * x, 3L * x, 3f * x, 3.0 * x, (Scalar)3 * x);
        Assert.Equal([-15, 12], Values.Of(3f * x));
    }

    [Fact]
    public void Quotients()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { -5f, 4 }), y = full_like(x, 2);
        Values.Same(x / y, x / 2, x / 2L, x / 2f, x / 2.0, x / (Scalar)2);
        Assert.Equal([-2.5, 2], Values.Of(x / 2));
        Values.Same(y / x, 2 / x, 2L / x, 2f / x, 2.0 / x, (Scalar)2 / x);
        Assert.Equal([-0.4f, 0.5f], (2L / x).data<float>().ToArray());
        Assert.Equal(float32, (tensor(new[] { 7, 2 }) / 2).dtype);
    }

    [Fact]
    public void Remainders_have_the_divisors_sign()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { -5f, 4, 5.5f }), y = full_like(x, 3);
        Values.Same(x % y, x % 3, x % 3L, x % 3f, x % 3.0, x % (Scalar)3);
        Assert.Equal([1, 1, 2.5], Values.Of(x % 3));
        Assert.Equal([-2, -2, -0.5], Values.Of(x % -3L));
    }

    [Fact]
    public void Comparisons()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 1f, 2, 3 }), two = full_like(x, 2);
        Scalar number = 2;
        (double[] Expected, Tensor[] Forms)[] all =
        [
            ([0, 1, 0], [x == two, x == number, number == x, x.equal(two), torch.equal(x, two)]),
            ([1, 0, 1], [x != two, x != number, number != x]),
            ([0, 0, 1], [x > two, x > number, number < x]),
            ([0, 1, 1], [x >= two, x >= number, number <= x]),
            ([1, 0, 0], [x < two, x < number, number > x]),
            ([1, 1, 0], [x <= two, x <= number, number >= x]),
        ];
        foreach ((double[] expected, Tensor[] forms) in all)
            foreach (Tensor form in forms)
            {
                Assert.Equal(@bool, form.dtype);
                Assert.Equal(expected, Values.Of(form));
            }
    }

    [Fact]
    public void Bits_and_truth_values()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = tensor(new[] { 0b1100, -1 }), y = tensor(new[] { 0b1010, 6 });
        Assert.Equal([0b1000, 6], Values.Of(x & y));
        Assert.Equal([0b1110, -1], Values.Of(x | y));
        Assert.Equal([0b0110, -7], Values.Of(x ^ y));
        Assert.Equal([-13, 0], Values.Of(~x));
        Tensor p = tensor(new[] { true, true, false, false }), q = tensor(new[] { true, false, true, false });
        Assert.Equal([1, 0, 0, 0], Values.Of(p & q));
        Assert.Equal([1, 1, 1, 0], Values.Of(p | q));
        Assert.Equal([0, 1, 1, 0], Values.Of(p ^ q));
        Assert.Equal([0, 0, 1, 1], Values.Of(~p));
        Assert.Equal(@bool, (~p).dtype);
    }
}
