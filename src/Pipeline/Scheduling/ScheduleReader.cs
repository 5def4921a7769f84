using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Manifests.Reading;

namespace DiffusionBatch.Pipeline.Scheduling;

/// <summary>
/// Reads a schedule's text as manifests are read: every problem at its pointer, line and column, those of its manifest as well.
/// </summary>
internal static class ScheduleReader
{
    /// <summary>Where the template stands.</summary>
    public const string Manifest = "/manifest";

    /// <summary>Reads a schedule; its manifest is checked as the next run would have it.</summary>
    /// <param name="request">The text.</param>
    /// <param name="now">The time.</param>
    /// <param name="probe">The storage root.</param>
    public static ScheduleReading Read(ScheduleRequest request, DateTimeOffset now, IPathProbe probe)
    {
        ManifestText? given = ManifestAssembly.Tree(request.Body.Span, request.File, request.Format, out ManifestReading? refused);
        if (given is null) return new ScheduleReading(null, "", refused!);
        ManifestNode root = Named(given.Root, request.Name);
        var text = new ManifestText(request.File, Filled(root, now));
        foreach (var problem in given.Problems) text.Add(problem.Pointer!, problem.Line!.Value, problem.Column!.Value, problem.Message);
        var binder = new ManifestBinder(text);
        var settings = (ScheduleSettings?)binder.Record(text.Root, typeof(ScheduleSettings));
        ManifestAssembly.Rules(binder.Jobs, text, probe);
        if (settings is not null) Check(settings, text, request, now);
        string template = root["manifest"] is { } manifest ? ManifestDocument.Json(manifest) : "";
        return new ScheduleReading(settings, template, ManifestAssembly.Reading(text, settings?.Manifest));
    }

    /// <summary>Reads a template as one of its runs has it.</summary>
    public static ManifestReading Run(ReadOnlyMemory<byte> template, RunWords words, IPathProbe probe)
    {
        ManifestText? given = ManifestAssembly.Tree(template.Span, "manifest", ManifestFormat.Json, out ManifestReading? refused);
        if (given is null) return refused!;
        var text = new ManifestText("manifest", words.Fill(given.Root, early: false));
        var binder = new ManifestBinder(text);
        var manifest = (JobManifest?)binder.Record(text.Root, typeof(JobManifest));
        ManifestAssembly.Rules(binder.Jobs, text, probe);
        return ManifestAssembly.Reading(text, manifest);
    }

    // What the path says need not be said again.
    static ManifestNode Named(ManifestNode root, string? name)
    {
        if (name is null || root.Kind != NodeKind.Object || root["name"] is not null) return root;
        var node = new ManifestNode(NodeKind.Text, "/name", root.Line, root.Column) { Text = name };
        root.Members.Add(new ManifestMember("name", root.Line, root.Column, node));
        return root;
    }

    static ManifestNode Filled(ManifestNode root, DateTimeOffset now)
    {
        if (root["manifest"] is not { } manifest) return root;
        string zone = root["timeZone"] is { Kind: NodeKind.Text, Text: var named } && CronTimes.IsZone(named) ? named : "UTC";
        DateTimeOffset at = root["cron"] is { Kind: NodeKind.Text, Text: var cron } && CronTimes.Refusal(cron, now) is null
            ? new CronTimes(cron, zone).After(now) ?? now : now;
        ManifestNode filled = RunWords.Of(at, TimeZoneInfo.FindSystemTimeZoneById(zone), 1).Fill(manifest, early: true);
        var copy = new ManifestNode(root.Kind, root.Pointer, root.Line, root.Column);
        copy.Members.AddRange(root.Members.Select(member => member.Name == "manifest" ? member with { Value = filled } : member));
        return copy;
    }

    static void Check(ScheduleSettings settings, ManifestText text, ScheduleRequest request, DateTimeOffset now)
    {
        if (text.Good("/name") && request.Name is { } name && settings.Name != name)
            text.Add("/name", $"expected \"{name}\", the name in the path, found \"{settings.Name}\"");
        if (text.Good("/cron") && CronTimes.Refusal(settings.Cron, now) is { } why) text.Add("/cron", why);
        if (text.Good("/timeZone") && !CronTimes.IsZone(settings.TimeZone))
            text.Add("/timeZone", $"expected the IANA name of a time zone, such as Europe/Berlin, found \"{settings.TimeZone}\"");
    }
}

/// <summary>A schedule as it is handed in.</summary>
/// <param name="Body">Its text, UTF-8.</param>
public sealed record ScheduleRequest(ReadOnlyMemory<byte> Body)
{
    /// <summary>What problems call it.</summary>
    public string File { get; init; } = "schedule";

    /// <summary>Its syntax.</summary>
    public ManifestFormat Format { get; init; } = ManifestFormat.Json;

    /// <summary>The name that it must have, and need not say then; or null.</summary>
    public string? Name { get; init; }
}

/// <summary>What became of a schedule's text.</summary>
/// <param name="Settings">What it says; defaults stand for what has problems.</param>
/// <param name="Template">Its manifest's template, JSON.</param>
/// <param name="Manifest">The manifest as the next run would have it, and the problems of all of the text.</param>
internal sealed record ScheduleReading(ScheduleSettings? Settings, string Template, ManifestReading Manifest);
