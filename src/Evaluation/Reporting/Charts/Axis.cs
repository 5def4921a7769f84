namespace DiffusionBatch.Evaluation.Reporting.Charts;

/// <summary>Places values on a line of the drawing, with ticks at round numbers.</summary>
internal sealed class Axis
{
    readonly double _low;
    readonly double _high;
    readonly bool _logarithmic;
    readonly double _from;
    readonly double _to;

    Axis(double low, double high, bool logarithmic, double from, double to, IReadOnlyList<double> ticks)
    {
        (_low, _high, _logarithmic, _from, _to) = (low, high, logarithmic, from, to);
        Ticks = ticks;
    }

    /// <summary>Values to mark.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>The coordinate of a value.</summary>
    public double At(double value)
    {
        double share = _logarithmic ? Math.Log(value / _low) / Math.Log(_high / _low) : (value - _low) / (_high - _low);
        return _from + share * (_to - _from);
    }

    /// <summary>A linear axis whose ends are ticks; it begins at 0 where the values come near it.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="from">The coordinate of the low end.</param>
    /// <param name="to">The coordinate of the high end.</param>
    public static Axis Linear(IReadOnlyCollection<double> values, double from, double to)
    {
        double low = values.Min(), high = values.Max();
        if (low > 0 && low < 0.6 * high) low = 0;
        if (high - low < 1e-9 * Math.Max(1, Math.Abs(high))) (low, high) = (low - 0.5, high + 0.5);
        double step = RoundStep((high - low) / 5);
        long first = (long)Math.Floor(low / step + 1e-9), last = (long)Math.Ceiling(high / step - 1e-9);
        var ticks = new List<double>();
        for (long i = first; i <= last; i++) ticks.Add(i * step);
        return new Axis(first * step, last * step, false, from, to, ticks);
    }

    /// <summary>A logarithmic axis from the least to the greatest value, with a little air.</summary>
    /// <param name="values">At least two different ones, all above 0.</param>
    /// <param name="from">The coordinate of the low end.</param>
    /// <param name="to">The coordinate of the high end.</param>
    public static Axis Logarithmic(IReadOnlyCollection<double> values, double from, double to)
    {
        double air = Math.Pow(values.Max() / values.Min(), 0.04), low = values.Min() / air, high = values.Max() * air;
        double[] distinct = [.. values.Distinct().Order()];
        // Few values are the best ticks themselves; of many, round numbers.
        double[] ticks = distinct.Length <= 8 && distinct.All(v => v == Math.Floor(v)) ? distinct : RoundNumbers(low, high);
        return new Axis(low, high, true, from, to, ticks);
    }

    static double[] RoundNumbers(double low, double high)
    {
        var ticks = new List<double>();
        double[] digits = high / low > 1_000 ? [1] : [1, 2, 5];
        for (int power = (int)Math.Floor(Math.Log10(low)); power <= (int)Math.Ceiling(Math.Log10(high)); power++)
            ticks.AddRange(digits.Select(d => d * Math.Pow(10, power)).Where(v => v >= low && v <= high));
        return ticks.Count >= 2 ? [.. ticks] : [low, high];
    }

    static double RoundStep(double step)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(step))), digit = step / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }
}
