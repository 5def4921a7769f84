using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Reduces rows (n, d) by the bag that each is in; an empty bag gives zeros.</summary>
internal static class BagReduction
{
    public static Tensor Sum(Tensor rows, long[] bags, long count, bool mean)
    {
        Tensor sums = zeros([count, rows.sizes[1]], rows.type).index_add(0, tensor(bags), rows, 1L);
        if (!mean) return sums;
        var sizes = new double[count];
        foreach (long bag in bags) sizes[bag]++;
        return sums.div(tensor([.. sizes.Select(s => Math.Max(1, s))], rows.type).unsqueeze(1));
    }

    public static Tensor Max(Tensor rows, long[] bags, long count)
    {
        long d = rows.sizes[1];
        var best = new long[count * d];
        Array.Fill(best, -1);
        using (Tensor values = Elementwise.As(rows, ScalarType.Float64), dense = values.Dense())
        {
            ReadOnlySpan<double> x = dense.data<double>().ToArray();
            for (int r = 0; r < bags.Length; r++)
                for (long c = 0; c < d; c++)
                {
                    ref long held = ref best[bags[r] * d + c];
                    if (held < 0 || x[(int)(r * d + c)] > x[(int)(held * d + c)]) held = r;
                }
        }
        if (bags.Length == 0) return zeros([count, d], rows.type);
        Tensor places = tensor(best).reshape(count, d), empty = places.lt(0L);
        return rows.gather(0, places.masked_fill(empty, 0L)).masked_fill(empty, 0L);
    }
}
