using System.Globalization;

namespace DiffusionBatch.Evaluation.Reporting;

/// <summary>Numbers for readers: as many digits as mean something.</summary>
internal static class Figures
{
    /// <summary>What stands where nothing is known.</summary>
    public const string Unknown = "–";

    /// <summary>The decimals of a metric's scores: two, and three where they are about 1 or under.</summary>
    public static int Decimals(EvaluationReport report, string metric) =>
        report.Cells.Select(c => c.Score(metric)).All(s => s is null || Math.Abs(s.Score) < 2 && Math.Abs(s.High ?? 0) < 2) ? 3 : 2;

    /// <summary>A score.</summary>
    public static string Score(double value, int decimals) =>
        double.IsFinite(value)
            ? value.ToString(string.Create(CultureInfo.InvariantCulture, $"F{decimals}"), CultureInfo.InvariantCulture)
            : Unknown;

    /// <summary>A count with thousands parted.</summary>
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A quantity to three significant digits.</summary>
    public static string Quantity(double? value)
    {
        if (value is not { } number || !double.IsFinite(number)) return Unknown;
        if (number == 0) return "0";
        int whole = (int)Math.Floor(Math.Log10(Math.Abs(number)));
        if (whole >= 2) return number.ToString("#,0", CultureInfo.InvariantCulture);
        return whole < -4
            ? number.ToString("0.##e0", CultureInfo.InvariantCulture)
            : Math.Round(number, 2 - whole).ToString("0.######", CultureInfo.InvariantCulture);
    }
}
