using System.Globalization;
using DiffusionBatch.Evaluation.Reporting.Html;

namespace DiffusionBatch.Evaluation.Reporting.Charts;

/// <summary>An inline SVG: lines with marks over bands for the intervals. Series differ in colour, dash and mark.</summary>
internal sealed class LineChart
{
    /// <summary>How many colours there are before they come again.</summary>
    public const int Colours = 6;

    const double Width = 480, Height = 300, Left = 46, Right = 12, Top = 12, Bottom = 44;

    readonly string _title;
    readonly string _yLabel;
    readonly string _xLabel;
    readonly int _decimals;
    readonly IReadOnlyList<ChartSeries> _series;
    readonly Axis _x;
    readonly Axis _y;

    /// <param name="title">What the chart shows, for those who can't see it.</param>
    /// <param name="yLabel">What the height is.</param>
    /// <param name="xLabel">What the horizontal axis is.</param>
    /// <param name="decimals">The decimals of heights.</param>
    /// <param name="series">The lines; at least two points with different x among them.</param>
    public LineChart(string title, string yLabel, string xLabel, int decimals, IReadOnlyList<ChartSeries> series)
    {
        (_title, _yLabel, _xLabel, _decimals, _series) = (title, yLabel, xLabel, decimals, series);
        var points = series.SelectMany(s => s.Points).ToList();
        _x = Axis.Logarithmic([.. points.Select(p => p.X)], Left, Width - Right);
        _y = Axis.Linear([.. points.SelectMany(p => (double[])[p.Y, p.Low ?? p.Y, p.High ?? p.Y])], Height - Bottom, Top);
    }

    /// <summary>The dashes of a series; null for a solid line.</summary>
    public static string? Dashes(int series) => (series / Colours % 3) switch { 0 => null, 1 => "6 3", _ => "2 3" };

    /// <summary>A series' mark around a point.</summary>
    public static void WriteMark(Markup page, int series, double x, double y, string? title = null)
    {
        string shape = (series % 4) switch
        {
            0 => $"M{N(x - 4)} {N(y)}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", // disc
            1 => $"M{N(x - 3.5)} {N(y - 3.5)}h7v7h-7z", // square
            2 => $"M{N(x)} {N(y - 4.5)}l4.5 8h-9z", // triangle
            _ => $"M{N(x)} {N(y - 5)}l5 5l-5 5l-5 -5z", // diamond
        };
        if (title is null) page.Empty("path", ("class", "mark"), ("d", shape));
        else page.Open("path", ("class", "mark"), ("d", shape)).Element("title", title).Close();
    }

    /// <summary>Writes the drawing.</summary>
    public void Write(Markup page)
    {
        page.Open("svg", ("class", "chart"), ("viewBox", $"0 0 {N(Width)} {N(Height)}"), ("role", "img"), ("aria-label", _title + "; the figures are in the table of cells")).Line();
        WriteAxes(page);
        for (int i = 0; i < _series.Count; i++) WriteSeries(page, i);
        page.Close();
    }

    void WriteAxes(Markup page)
    {
        foreach (double tick in _y.Ticks)
        {
            page.Empty("path", ("class", "grid"), ("d", $"M{N(Left)} {N(_y.At(tick))}H{N(Width - Right)}"));
            page.Element("text", Tick(tick), ("x", Left - 6), ("y", _y.At(tick) + 4), ("text-anchor", "end"));
        }
        double free = 0; // labels that would touch the one before are left out
        foreach (double tick in _x.Ticks)
        {
            double at = _x.At(tick);
            page.Empty("path", ("class", "grid"), ("d", $"M{N(at)} {N(Height - Bottom)}v4"));
            string label = Tick(tick);
            double half = 3.6 * label.Length;
            if (at - half < free) continue;
            free = at + half + 4;
            page.Element("text", label, ("x", at), ("y", Height - Bottom + 18), ("text-anchor", "middle"));
        }
        page.Element("text", _xLabel, ("x", (Left + Width - Right) / 2), ("y", Height - 6), ("text-anchor", "middle"));
        page.Line();
    }

    void WriteSeries(Markup page, int index)
    {
        var points = _series[index].Points;
        if (points.Count == 0) return;
        page.Open("g", ("class", $"s{index % Colours}"));
        if (points.Count > 1 && points.All(p => p.Low is not null && p.High is not null))
        {
            var outline = points.Select(p => (p.X, Y: p.High!.Value)).Concat(points.Reverse().Select(p => (p.X, Y: p.Low!.Value)));
            page.Empty("path", ("class", "band"), ("d", Path(outline) + "z"));
        }
        page.Empty("path", ("class", "curve"), ("d", Path(points.Select(p => (p.X, p.Y)))), ("stroke-dasharray", Dashes(index)));
        foreach (var point in points)
        {
            string interval = point is { Low: { } low, High: { } high } ? $" ({Figures.Score(low, _decimals)} to {Figures.Score(high, _decimals)})" : "";
            WriteMark(page, index, _x.At(point.X), _y.At(point.Y), $"{point.Label}: {_yLabel} {Figures.Score(point.Y, _decimals)}{interval}, {_xLabel} {Figures.Quantity(point.X)}");
        }
        page.Close().Line();
    }

    string Path(IEnumerable<(double X, double Y)> points) => "M" + string.Join('L', points.Select(p => $"{N(_x.At(p.X))} {N(_y.At(p.Y))}"));

    static string Tick(double value) => Math.Abs(value) >= 1e5 ? value.ToString("0.#e0", CultureInfo.InvariantCulture) : Math.Round(value, 6).ToString("0.######", CultureInfo.InvariantCulture);

    static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
