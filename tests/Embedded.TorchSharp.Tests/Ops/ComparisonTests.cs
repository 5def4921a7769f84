using DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Ops;

/// <summary>Comparisons and choices of every length, by vectors and by what is left of them, against C#'s operators.</summary>
public sealed class ComparisonTests
{
    public static TheoryData<int> Lengths => [0, 1, 31, 32, 33, 64, 95, 20_000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Of_float32_with_NaN_and_infinities(int n)
    {
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, 1f, 2f];
        Compare(n, i => special[i % 7], i => special[i / 7 % 7], x => tensor(x), (a, b) => [a == b, a != b, a < b, a <= b, a > b, a >= b]);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Of_float64(int n) => Compare(n, i => i % 5 == 4 ? double.NaN : i % 5, i => (double)(i % 3), x => tensor(x), (a, b) => [a == b, a != b, a < b, a <= b, a > b, a >= b]);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Of_int64_beyond_32_bits(int n) =>
        Compare(n, i => (i % 5) + ((long)(i % 3) << 40), i => (i % 4) + ((long)(i % 2) << 40), x => tensor(x), (a, b) => [a == b, a != b, a < b, a <= b, a > b, a >= b]);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Of_int32(int n) => Compare(n, i => (i % 5) - 2, i => (i % 3) - 1, x => tensor(x), (a, b) => [a == b, a != b, a < b, a <= b, a > b, a >= b]);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Of_bytes(int n) => Compare(n, i => (byte)(i * 37), i => (byte)(i * 11), x => tensor(x), (a, b) => [a == b, a != b, a < b, a <= b, a > b, a >= b]);

    [Theory]
    [MemberData(nameof(Lengths))]
    public void A_choice_takes_one_or_the_other(int n)
    {
        using DisposeScope scope = NewDisposeScope();
        bool[] mask = [.. Enumerable.Range(0, n).Select(i => i * 7919 % 5 < 2)];
        float[] x = [.. Enumerable.Range(0, n).Select(i => i == 3 ? float.NaN : i)], y = [.. Enumerable.Range(0, n).Select(i => -i - 1f)];
        Tensor m = tensor(mask), a = tensor(x), b = tensor(y);
        Assert.Equal(x.Select((v, i) => mask[i] ? v : y[i]), where(m, a, b).data<float>().ToArray());
        Assert.Equal(x.Select((v, i) => mask[i] ? v : 9f), where(m, a, tensor(9f)).data<float>().ToArray());
        Assert.Equal(y.Select((v, i) => mask[i] ? 9f : v), where(m, tensor(9f), b).data<float>().ToArray());
        Assert.Equal(x.Select((v, i) => mask[i] ? i : -1L), where(m, arange(n), tensor(-1L)).data<long>().ToArray());
        Assert.Equal(x.Select((v, i) => (byte)(mask[i] ? 1 : 2)), where(m, ones(n, uint8), full(n, 2, uint8)).data<byte>().ToArray());
    }

    static void Compare<T>(int n, Func<int, T> left, Func<int, T> right, Func<T[], Tensor> make, Func<T, T, bool[]> expected) where T : unmanaged
    {
        using DisposeScope scope = NewDisposeScope();
        T[] a = [.. Enumerable.Range(0, n).Select(left)], b = [.. Enumerable.Range(0, n).Select(right)];
        Tensor x = make(a), y = make(b);
        Check([x == y, x != y, x < y, x <= y, x > y, x >= y], i => b[i]);
        if (n == 0) return;
        Tensor one = make([b[0]]);
        Check([x == one, x != one, x < one, x <= one, x > one, x >= one], _ => b[0]);
        // Every other element of a longer tensor.
        Tensor wide = stack([x, y], 1).select(1, 0);
        Check([wide == y, wide != y, wide < y, wide <= y, wide > y, wide >= y], i => b[i]);

        void Check(Tensor[] results, Func<int, T> other)
        {
            for (int op = 0; op < results.Length; op++)
                Assert.Equal(a.Select((v, i) => expected(v, other(i))[op]), results[op].data<bool>().ToArray());
        }
    }
}
