using System.Globalization;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Cli.Inspection;

/// <summary>One forward pass from file to file, to compare a model with another implementation of it.</summary>
internal static class ForwardPass
{
    /// <summary>
    /// Reads <c>input_ids</c> and, where it is there, <c>attention_mask</c> (both (B, N)), writes <c>logits</c> (B, N, V) as
    /// float32, with the architecture's own attention. Of a network that gives scores (SEDD) <c>sigma</c> (B) is read too, and
    /// <c>log_score</c> written. Rows are run one by one, so memory doesn't grow with the batch.
    /// </summary>
    /// <exception cref="UserException">The tensors are missing or don't fit each other or the model.</exception>
    /// <exception cref="CheckpointException">The input file is broken.</exception>
    public static void Run(Checkpoint checkpoint, string input, string output)
    {
        using var file = SafeTensorsReader.Open(input);
        long[] shape = Shape(file, "input_ids", null);
        long[] ids = file.ReadIntegers("input_ids");
        bool[] mask = [.. ids.Select(_ => true)];
        if (file.Tensors.ContainsKey("attention_mask"))
        {
            Shape(file, "attention_mask", shape);
            mask = [.. file.ReadIntegers("attention_mask").Select(m => m != 0)];
        }
        LanguageModel model = checkpoint.Model;
        int batch = (int)shape[0], columns = (int)shape[1];
        foreach (long id in ids)
            if (id < 0 || id >= model.VocabularySize)
                throw new UserException($"{input}: input_ids: {id} is not one of the model's ids, 0 to {model.VocabularySize - 1}");
        if (columns > model.UsablePositions)
            throw new UserException($"{input}: input_ids: {columns} tokens don't fit the model's {model.UsablePositions} positions");

        float[]? sigmas = model is Sedd ? Sigmas(file, batch) : null;
        model.eval();
        var writer = new SafeTensorsWriter();
        writer.Add(Output(model), SafeTensorType.F32, [batch, columns, model.VocabularySize], (long)batch * columns * model.VocabularySize,
            stream =>
        {
            for (int b = 0; b < batch; b++)
                OwnForward.Run(
                    model, ids[(b * columns)..((b + 1) * columns)], mask[(b * columns)..((b + 1) * columns)],
                    logits => logits.WriteBytesToStream(stream), sigmas?[b]);
        });
        writer.Save(output);
    }

    /// <summary>The tensor that a model's pass gives.</summary>
    public static string Output(LanguageModel model) => model is Sedd ? "log_score" : "logits";

    static float[] Sigmas(SafeTensorsReader file, int batch)
    {
        if (!file.Tensors.TryGetValue("sigma", out SafeTensorInfo? info))
            throw new UserException($"{file.Path}: sigma: the tensor is missing; the model is told the noise level of each row");
        if (info.Elements != batch)
            throw new UserException($"{file.Path}: sigma: expected the shape [{batch}], found {SafeTensorInfo.Describe(info.Shape)}");
        if (!info.Type.IsFloat()) throw new UserException($"{file.Path}: sigma: expected F32, found {info.Type}");
        float[] sigmas = file.ReadFloats("sigma");
        foreach (float sigma in sigmas)
            if (!(sigma > 0 && float.IsFinite(sigma)))
                throw new UserException(
                    string.Create(CultureInfo.InvariantCulture, $"{file.Path}: sigma: expected positive numbers, found {sigma}"));
        return sigmas;
    }

    static long[] Shape(SafeTensorsReader file, string name, long[]? expected)
    {
        if (!file.Tensors.TryGetValue(name, out SafeTensorInfo? info))
            throw new UserException($"{file.Path}: {name}: the tensor is missing");
        if (info.Shape.Length != 2 || info.Elements == 0 || expected is not null && !info.Shape.SequenceEqual(expected))
            throw new UserException(
                $"{file.Path}: {name}: expected the shape {(expected is null ? "[batch, tokens]" : SafeTensorInfo.Describe(expected))}, "
                    + $"found {SafeTensorInfo.Describe(info.Shape)}");
        if (info.Type is SafeTensorType.F32 or SafeTensorType.F16 or SafeTensorType.BF16 or SafeTensorType.F64)
            throw new UserException($"{file.Path}: {name}: expected I64, found {info.Type}");
        return info.Shape;
    }
}

/// <summary>Says on standard error how far the loading of a large model is, a line for each tenth; nothing for a small one.</summary>
internal sealed class LoadingNotes(Screen screen) : IProgress<LoadProgress>
{
    const long WorthTelling = 100_000_000;
    long _told;

    /// <inheritdoc/>
    public void Report(LoadProgress value)
    {
        if (value.AllBytes < WorthTelling) return;
        long tenth = value.Bytes * 10 / value.AllBytes;
        if (tenth <= _told) return;
        _told = tenth;
        screen.Note(
            string.Create(CultureInfo.InvariantCulture,
                $"dbatch: loading, {value.Bytes / 1_000_000:N0} of {value.AllBytes / 1_000_000:N0} MB"));
    }
}
