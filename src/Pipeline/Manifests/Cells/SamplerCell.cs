using System.Text.Json.Nodes;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Manifests.Cells;

/// <summary>One cell of a sweep: every sampler setting with one value.</summary>
public sealed record SamplerCell
{
    /// <summary>The name of the cell and of its results folder, e.g. "steps=8,length.beam=5,reMask=cond".</summary>
    public required string Name { get; init; }

    /// <summary>The strategy.</summary>
    public required SamplerPreset Preset { get; init; }

    /// <summary>Denoising steps S, at least 1.</summary>
    public required int Steps { get; init; }

    /// <summary>Which positions a step may mask again.</summary>
    public required ReMaskRule ReMask { get; init; }

    /// <summary>How positions are ranked.</summary>
    public required RankingOrder Order { get; init; }

    /// <summary>Strength of the ranking's noise; used by <see cref="RankingOrder.Stochastic"/> alone.</summary>
    public required double Noise { get; init; }

    /// <summary>How many slots stay masked after each step.</summary>
    public required MaskSchedule Schedule { get; init; }

    /// <summary>Temperature of token choice; 0 is argmax.</summary>
    public required double Temperature { get; init; }

    /// <summary>Where lengths come from.</summary>
    public required CellLength Length { get; init; }

    /// <summary>The settings as an object with the manifest's field names: the `sampler` of results and reports.</summary>
    public JsonObject ToJson()
    {
        var length = new JsonObject { ["source"] = EnumText.Of(Length.Source) };
        if (Length.Value is { } value) length["value"] = value;
        if (Length.Source == LengthSource.Predicted) length["beam"] = Length.Beam;
        var sampler = new JsonObject
        {
            ["preset"] = EnumText.Of(Preset),
            ["steps"] = Steps,
            ["reMask"] = EnumText.Of(ReMask),
            ["order"] = EnumText.Of(Order),
        };
        if (Order == RankingOrder.Stochastic) sampler["noise"] = Noise;
        sampler["schedule"] = EnumText.Of(Schedule);
        sampler["temperature"] = Temperature;
        sampler["length"] = length;
        return sampler;
    }
}

/// <summary>Where a cell's response lengths come from.</summary>
/// <param name="Source">The source.</param>
/// <param name="Value">Tokens of each response, at least 1; null unless the source is fixed.</param>
/// <param name="Beam">Number of predicted lengths tried, at least 1; 1 unless the source is predicted.</param>
public sealed record CellLength(LengthSource Source, int? Value, int Beam);
