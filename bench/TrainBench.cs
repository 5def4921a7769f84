using System.Diagnostics;
using System.Globalization;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Bench;

/// <summary>
/// One training step of a small diffusion model: hidden 256, 4 layers, vocabulary 8,000; 128 rows of 32 tokens at two
/// coupled times, half of their slots masked; AdamW with clipping.
/// </summary>
internal static class TrainBench
{
    private const int Rows = 256, Columns = 32, Vocabulary = 8000;

    internal static int Run()
    {
        var spec = new NewModelSpec { HiddenSize = 256, Layers = 4, Heads = 4, FeedForwardSize = 1024, MaxPositions = 64, Dropout = 0.1 };
        using var model = new XlmRoberta(ModelConfig.Create(spec, Vocabulary, new SpecialTokens(0, 1, 2, 3, Vocabulary - 1)));
        model.Initialise(1);
        model.train();
        using var optimizer = optim.AdamW(model.parameters(), 1e-3);
        var names = new[] { "forward", "backward", "clip", "step" };
        var times = names.Select(_ => new List<double>()).ToArray();
        var whole = new List<double>();
        for (int step = 0; step < 14; step++)
        {
            long start = Stopwatch.GetTimestamp();
            optimizer.zero_grad();
            using var scope = NewDisposeScope();
            var (ids, seen, masked, targets) = Batch(step);
            var loss = F.cross_entropy(model.Logits(model.HiddenRows(ids, seen, masked)), targets);
            Lap(0);
            loss.backward();
            Lap(1);
            nn.utils.clip_grad_norm_(model.parameters(), 1.0);
            Lap(2);
            optimizer.step();
            Lap(3);
            if (step >= 4)
                whole.Add(times.Sum(t => t[^1]));

            void Lap(int phase)
            {
                times[phase].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                start = Stopwatch.GetTimestamp();
            }
        }

        for (int phase = 0; phase < names.Length; phase++)
            Say(names[phase], times[phase][4..]);
        Say("step, all told", whole);
        whole.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Rows * Columns / whole[whole.Count / 2] * 1000:F0} tokens/s, best {Rows * Columns / whole[0] * 1000:F0}"));
        return 0;
    }

    private static void Say(string name, List<double> times)
    {
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-16} median {times[times.Count / 2],8:F1} ms, best {times[0],8:F1} ms"));
    }

    // Rows of full length; every second slot masked.
    private static (TorchSharp.torch.Tensor Ids, TorchSharp.torch.Tensor Seen, TorchSharp.torch.Tensor Masked, TorchSharp.torch.Tensor Targets) Batch(int step)
    {
        var random = new Random(step);
        var ids = new long[Rows * Columns];
        var masked = new long[ids.Length / 2];
        var targets = new long[masked.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = random.Next(4, Vocabulary - 1);
        for (int i = 0; i < masked.Length; i++)
        {
            masked[i] = 2 * i;
            targets[i] = ids[2 * i];
            ids[2 * i] = Vocabulary - 1;
        }

        return (tensor(ids, [Rows, Columns]), ones(Rows, Columns, ScalarType.Bool), tensor(masked), tensor(targets));
    }
}
