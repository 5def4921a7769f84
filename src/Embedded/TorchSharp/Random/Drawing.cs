namespace TorchSharp.Random;

/// <summary>Draws of places by weights.</summary>
internal static class Drawing
{
    /// <summary>Each draw looks up a uniform number among the sums of the weights.</summary>
    public static void WithReplacement(Span<double> weights, double total, Span<long> to, ulong seed, ulong start)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++) weights[i] = sum += weights[i];
        for (int k = 0; k < to.Length; k++)
        {
            double u = Distributions.Unit(Philox.Long(seed, start + (ulong)k)) * total;
            int low = 0, high = weights.Length - 1;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (weights[middle] > u) high = middle;
                else low = middle + 1;
            }

            to[k] = low;
        }
    }

    /// <summary>The places of the largest quotients of weight and exponential draw, largest first.</summary>
    public static void WithoutReplacement(Span<double> weights, Span<long> to, ulong seed, ulong start)
    {
        var keys = new double[weights.Length];
        var places = new long[weights.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = weights[i] == 0 ? double.NegativeInfinity : Math.Log(Distributions.Positive(Philox.Long(seed, start + (ulong)i))) / weights[i];
            places[i] = i;
        }

        // -log u / w ascending; a weight of 0 gives infinity and comes last
        Array.Sort(keys, places, Comparer<double>.Create((a, b) => (-a).CompareTo(-b)));
        places.AsSpan(0, to.Length).CopyTo(to);
    }
}
