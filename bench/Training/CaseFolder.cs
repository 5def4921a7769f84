using System.Globalization;
using System.Text.Json.Nodes;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.SafeTensors;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Bench;

/// <summary>
/// A temporary folder with what both sides begin with: a checkpoint whose tokenizer has a word for each id, pairs of such words
/// (half of a row its prompt, half its response), and, for the peer, their ids and the noised batch of each of the first steps.
/// </summary>
internal sealed class CaseFolder : IDisposable
{
    /// <summary>Of all draws.</summary>
    internal const long Seed = 1;

    private readonly TemporaryFolder _folder = new();

    /// <summary>Writes the folder.</summary>
    /// <param name="sizes">The model and the batch.</param>
    /// <param name="steps">How many noised batches.</param>
    internal CaseFolder(ModelCase sizes, int steps)
    {
        (Sizes, Specials) = (sizes, new SpecialTokens(0, 1, 2, 3, sizes.Vocabulary - 1));
        using (var model = new XlmRoberta(ModelConfig.Create(sizes.Spec, sizes.Vocabulary, Specials)))
        {
            model.Initialise(Seed);
            CheckpointWriter.Save(Model, model, null, null, null);
        }

        File.WriteAllLines(Path.Combine(Model, "vocab.txt"),
            ["[CLS]", "[PAD]", "[SEP]", "[UNK]", .. Enumerable.Range(4, sizes.Vocabulary - 5).Select(Word), "[MASK]"]);
        var random = new Random((int)Seed);
        int half = (sizes.Columns / 2) - 1; // and a special token at either end
        var pairs = new EncodedPairs(sizes.Columns, Specials.Bos, Specials.Eos);
        Pairs = [.. Enumerable.Range(0, sizes.Rows).Select(i =>
        {
            int[] ids = [.. Enumerable.Range(0, 2 * half).Select(_ => random.Next(4, sizes.Vocabulary - 1))];
            pairs.Add($"pair-{i}", ids.AsSpan(0, half), ids.AsSpan(half));
            return new TrainingPair($"pair-{i}", Text(ids[..half]), Text(ids[half..]));
        })];
        WriteBatches(pairs, steps);
    }

    /// <summary>The model and the batch.</summary>
    internal ModelCase Sizes { get; }

    /// <summary>The special tokens.</summary>
    internal SpecialTokens Specials { get; }

    /// <summary>The checkpoint folder.</summary>
    internal string Model => Path.Combine(_folder.Name, "model");

    /// <summary>Where a finetune keeps its files.</summary>
    internal string Work => Path.Combine(_folder.Name, "work");

    /// <summary>The batch as texts.</summary>
    internal IReadOnlyList<TrainingPair> Pairs { get; }

    /// <summary>Masked positions of a step, on average over the steps.</summary>
    internal double Masked { get; private set; }

    /// <summary>What the peer has to know.</summary>
    internal JsonObject Settings => new() { ["model"] = Model, ["batches"] = Batches, ["rate"] = OurSteps.LearningRate };

    private string Batches => Path.Combine(_folder.Name, "batches.safetensors");

    /// <summary>Sets the model's dropout, for both sides.</summary>
    internal void SetDropout(double share)
    {
        string file = Path.Combine(Model, ModelConfig.FileName);
        var config = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        config["hidden_dropout_prob"] = share;
        config["attention_probs_dropout_prob"] = share;
        File.WriteAllText(file, config.ToJsonString());
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static string Word(int id) => string.Create(CultureInfo.InvariantCulture, $"w{id}");

    private static string Text(IEnumerable<int> words) => string.Join(' ', words.Select(Word));

    // A step is an epoch: all pairs in one batch. The order of its rows, which the trainer draws, doesn't change the loss.
    private void WriteBatches(EncodedPairs pairs, int steps)
    {
        var batch = new PairBatch(pairs, [.. Enumerable.Range(0, pairs.Count)], Specials.Pad);
        var process = new AbsorbingProcess(OurSteps.Objective, Specials.Mask);
        int rows = 2 * Sizes.Rows, size = rows * Sizes.Columns;
        var (x_t, x_0, weights) = (new long[steps * size], new long[steps * size], new float[steps * size]);
        for (int step = 0; step < steps; step++)
        {
            var noised = process.Noise(batch, pairs, Seed, epoch: step);
            noised.InputIds.CopyTo(x_t, step * size);
            noised.InputIds.CopyTo(x_0, step * size);
            for (int i = 0; i < noised.Masked.Length; i++)
            {
                long at = (step * size) + noised.Masked[i];
                (x_0[at], weights[at]) = (noised.Targets[i], noised.Weights[i]);
            }

            Masked += noised.Masked.Length / (double)steps;
        }

        var writer = new SafeTensorsWriter();
        writer.Add("ids", batch.Ids, Sizes.Rows, Sizes.Columns);
        writer.Add("x_t", x_t, steps, rows, Sizes.Columns);
        writer.Add("x_0", x_0, steps, rows, Sizes.Columns);
        writer.Add("weights", weights, steps, rows, Sizes.Columns);
        writer.Save(Batches);
    }
}
