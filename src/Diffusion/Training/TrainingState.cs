using System.Text.Json;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.SafeTensors;
using TorchSharp.Modules;

namespace DiffusionBatch.Diffusion.Training;

/// <summary>
/// Everything that a training run needs to go on as if it had never stopped: weights, their average and AdamW's moments in one safetensors
/// file that is replaced in one step, with the counters in its metadata. Random draws are functions of the step, and the data
/// position is the step, so neither is stored.
/// </summary>
sealed record TrainingState
{
    const string StateEntry = "state", KeyEntry = "key";

    /// <summary>Steps done.</summary>
    public long Step { get; init; }

    /// <summary>Updates that AdamW made: steps in which something was masked.</summary>
    public long Updates { get; init; }

    /// <summary>The sum of the losses since the last evaluation.</summary>
    public double LossSum { get; init; }

    /// <summary>The number of steps in <see cref="LossSum"/>.</summary>
    public long LossCount { get; init; }

    /// <summary>The validation loss before the first step; null without validation data.</summary>
    public double? InitialValidationLoss { get; init; }

    /// <summary>The sum of the losses of the first tenth of all steps.</summary>
    public double FirstLossSum { get; init; }

    /// <summary>The sum of the losses of the last tenth of all steps.</summary>
    public double LastLossSum { get; init; }

    /// <summary>The arithmetic that the run began with.</summary>
    public Precision Precision { get; init; }

    /// <summary>The evaluations so far.</summary>
    public IReadOnlyList<EvaluationRecord> Evaluations { get; init; } = [];

    /// <summary>Writes the state; <paramref name="key"/> names the run that it belongs to.</summary>
    public void Save(string path, string key, IReadOnlyList<KeyValuePair<string, Parameter>> parameters, AdamW optimizer,
        WeightAverage? average = null)
    {
        var writer = new SafeTensorsWriter();
        writer.AddMetadata(KeyEntry, key);
        writer.AddMetadata(StateEntry, JsonSerializer.Serialize(this));
        for (int i = 0; i < parameters.Count; i++)
        {
            var (name, parameter) = parameters[i];
            ModelFile.Add(writer, "weight/" + name, parameter);
            ModelFile.Add(writer, "exp_avg/" + name, optimizer.Means[i]);
            ModelFile.Add(writer, "exp_avg_sq/" + name, optimizer.Squares[i]);
            if (average is not null) ModelFile.Add(writer, "average/" + name, average.Values[i]);
        }
        writer.Save(path);
    }

    /// <summary>Restores weights and moments and returns the counters; null where there is no file, or one of another run.</summary>
    public static TrainingState? Load(string path, string key, IReadOnlyList<KeyValuePair<string, Parameter>> parameters, AdamW optimizer,
        WeightAverage? average = null)
    {
        using var reader = Open(path);
        if (Counters(reader, key) is not { } state) return null;
        for (int i = 0; i < parameters.Count; i++)
        {
            var (name, parameter) = parameters[i];
            ModelFile.Read(reader!, "weight/" + name, parameter);
            ModelFile.Read(reader!, "exp_avg/" + name, optimizer.Means[i]);
            ModelFile.Read(reader!, "exp_avg_sq/" + name, optimizer.Squares[i]);
            if (average is not null) ModelFile.Read(reader!, "average/" + name, average.Values[i]);
        }
        return state;
    }

    /// <summary>The arithmetic that a run began with; null where there is no file, or one of another run.</summary>
    public static Precision? PrecisionOf(string path, string key)
    {
        using var reader = Open(path);
        return Counters(reader, key)?.Precision;
    }

    static SafeTensorsReader? Open(string path) =>
        File.Exists(path) ? SafeTensorsReader.TryOpen(path, new List<CheckpointProblem>()) : null;

    static TrainingState? Counters(SafeTensorsReader? reader, string key) =>
        reader is not null && reader.Metadata.GetValueOrDefault(KeyEntry) == key
            && reader.Metadata.TryGetValue(StateEntry, out string? json)
            ? JsonSerializer.Deserialize<TrainingState>(json)
            : null;
}
