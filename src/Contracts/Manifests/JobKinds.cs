using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>Which record each `kind` is.</summary>
public static class JobKinds
{
    static readonly (JobKind Kind, Type Record)[] All =
    [
        (JobKind.Finetune, typeof(FinetuneManifest)),
        (JobKind.Sample, typeof(SampleManifest)),
        (JobKind.Evaluate, typeof(EvaluateManifest)),
        (JobKind.Pipeline, typeof(PipelineManifest)),
    ];

    /// <summary>Whether a type is chosen by the field `kind`.</summary>
    public static bool IsChosenByKind(Type type) => type.IsAbstract && type.IsAssignableTo(typeof(JobManifest));

    /// <summary>The kinds, as manifests write them, whose record is of a type.</summary>
    public static IReadOnlyList<(string Text, Type Record)> Of(Type type) =>
        [.. All.Where(pair => pair.Record.IsAssignableTo(type)).Select(pair => (EnumText.Of(pair.Kind), pair.Record))];

    /// <summary>The kind of a record, as manifests write it; null for records that aren't jobs.</summary>
    public static string? TextOf(Type record) =>
        All.Where(pair => pair.Record == record).Select(pair => EnumText.Of(pair.Kind)).FirstOrDefault();
}
