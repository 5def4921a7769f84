using System.Globalization;
using DiffusionBatch.Pipeline.Manifests.Reading;

namespace DiffusionBatch.Pipeline.Scheduling;

/// <summary>What a run puts into its manifest's template.</summary>
/// <param name="Date">For <c>{date}</c>: the day in the schedule's time zone, <c>2026-11-30</c>.</param>
/// <param name="Time">For <c>{time}</c>: the time of day there, <c>184500</c>. Where clocks go back it comes twice on one day.</param>
/// <param name="Run">For <c>{run}</c>: the run's number, from 1.</param>
internal sealed record RunWords(string Date, string Time, string Run)
{
    /// <summary>The words of a run.</summary>
    public static RunWords Of(DateTimeOffset at, TimeZoneInfo zone, long run)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(at, zone);
        return new RunWords(
            local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            local.ToString("HHmmss", CultureInfo.InvariantCulture),
            run.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A tree with the words in place in all its texts, at the places that they had.</summary>
    /// <param name="node">The template.</param>
    /// <param name="early">Whether its time hasn't come: files that only then have their names need not be there.</param>
    public ManifestNode Fill(ManifestNode node, bool early)
    {
        string text = node.Kind != NodeKind.Text ? node.Text : node.Text
            .Replace("{date}", Date, StringComparison.Ordinal)
            .Replace("{time}", Time, StringComparison.Ordinal)
            .Replace("{run}", Run, StringComparison.Ordinal);
        var filled = new ManifestNode(node.Kind, node.Pointer, node.Line, node.Column)
        {
            Text = text,
            Number = node.Number,
            Boolean = node.Boolean,
            IsFilled = early && text != node.Text,
        };
        filled.Items.AddRange(node.Items.Select(item => Fill(item, early)));
        filled.Members.AddRange(node.Members.Select(member => member with { Value = Fill(member.Value, early) }));
        return filled;
    }
}
