using System.Diagnostics;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling;
using DiffusionBatch.Diffusion.Tokenization;
using static TorchSharp.torch;

namespace DiffusionBatch.Bench;

/// <summary>
/// SEDD on a law that is known exactly, a Markov chain over 8 tokens: each process is trained from nothing, its likelihood bound on held-out
/// sequences is set beside the exact likelihood, and the pairs of neighbours in its samples beside their exact frequencies.
/// </summary>
internal static class ToyBench
{
    private const int DefaultSteps = 8000, Rows = 128, Samples = 4000, BoundDraws = 64, BoundSequences = 1000;
    private const double Rate = 2e-3, Decay = 0.999;

    private static readonly Report s_bounds = new(("process", -13), ("steps", 6), ("seconds", 8), ("bound", 8), ("+-", 7), ("exact", 8), ("above", 8));

    private static readonly Report s_samples = new(("process", -13), ("preset", -13), ("steps", 6), ("passes", 7), ("apart", 8), ("worst z", 8), ("z > 3", 6));

    internal static int Run(BenchOptions options)
    {
        options.SetUpTorch();
        var law = ToyLaw.Read(options.Root ?? throw new ArgumentException("toy needs --root, the folder of law.json, train.jsonl and test.jsonl"));
        foreach (string process in (string[])[ScoreEntropyProcess.Absorb, ScoreEntropyProcess.Uniform])
        {
            if (!options.Wants(process))
                continue;
            using var model = Model(process, law);
            double seconds = Train(model, law, options.Count ?? DefaultSteps);
            Bound(process, model, law, options.Count ?? DefaultSteps, seconds);
            foreach (string preset in (string[])["sedd-euler", "sedd-tweedie"])
                foreach (int steps in (int[])[4, 8, 16, 64, 256])
                    Sample(process, preset, steps, model, law);
        }

        s_samples.Save(options, null);
        return 0;
    }

    private static Sedd Model(string process, ToyLaw law)
    {
        var spec = new NewModel { Architecture = "sedd", HiddenSize = 64, Layers = 3, Heads = 4, MaxPositions = law.Length, Dropout = 0 };
        int vocabulary = law.Vocabulary + (process == ScoreEntropyProcess.Absorb ? 1 : 0);
        var config = ModelConfig.Create(spec, vocabulary, new SpecialTokens(-1, -1, -1, -1, vocabulary - 1), new ObjectiveSettings { Process = process });
        var model = new Sedd(config);
        model.Initialise(1);
        return model;
    }

    private static double Train(Sedd model, ToyLaw law, int steps)
    {
        var watch = Stopwatch.StartNew();
        var process = new ScoreEntropyProcess(model.Diffusion);
        using var optimizer = optim.Adam(model.parameters(), Rate, 0.9, 0.99);
        var averages = model.Named.ToDictionary(p => p.Key, p => p.Value.detach().clone());
        for (int step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var draws = CounterRandom.For(1, "toy").At(step);
            int[] rows = [.. Enumerable.Range(0, Rows).Select(i => draws.Integer(i, law.Train.Count))];
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = Rate * Math.Min(1, (step + 1) / 100.0) * (1 + Math.Cos(Math.PI * step / steps)) / 2;
            optimizer.zero_grad();
            model.train();
            process.Loss(model, process.Noise(new PairBatch(law.Train, rows, 0), law.Train, 1, step), 0)!.backward();
            nn.utils.clip_grad_norm_(model.parameters(), 1);
            optimizer.step();
            using var quiet = no_grad();
            foreach (var (name, average) in averages)
                average.lerp_(model.Named[name], (float)(1 - Math.Min(Decay, (1.0 + step) / (10 + step))));
        }

        using (no_grad())
        {
            foreach (var (name, average) in averages)
            {
                model.Named[name].copy_(average);
                average.Dispose();
            }
        }

        model.eval();
        return watch.Elapsed.TotalSeconds;
    }

    private static void Bound(string process, Sedd model, ToyLaw law, int steps, double seconds)
    {
        var bound = new ScoreEntropyBound(model);
        double[] means = [.. Enumerable.Range(0, BoundSequences).Select(i => bound.Draws(law.Test.Tokens(i), 0, BoundDraws, CounterRandom.For(2, law.Test.Id(i))).Average() / law.Length)];
        double[] exact = [.. Enumerable.Range(0, BoundSequences).Select(i => -law.LogLikelihood(law.Test.Tokens(i)) / law.Length)];
        double[] apart = [.. means.Zip(exact, (a, b) => a - b)]; // the law's own spread has no part in it
        double mean = apart.Average(), error = Math.Sqrt(apart.Average(a => (a - mean) * (a - mean)) / apart.Length);
        s_bounds.Row(process, steps, seconds, means.Average(), error, exact.Average(), mean / exact.Average());
    }

    private static void Sample(string process, string preset, int steps, Sedd model, ToyLaw law)
    {
        var specials = new SpecialTokens(-1, -1, -1, -1, model.Diffusion.Graph.Mask);
        var sampler = new SweepSampler(model, null, specials, new SweepOptions { Seed = 3, Closing = CanvasClosing.None });
        var cell = new SamplerSettings { Preset = preset, Steps = steps, Length = new LengthSettings { Source = "fixed", Value = law.Length } };
        var results = sampler.Run(Enumerable.Range(0, Samples).Select(i => new SampleItem { Id = $"s{i}", PromptIds = [] }), [cell]).ToList();
        var (apart, worst, beyond) = law.Compare([.. results.Select(r => r.Ids)]);
        s_samples.Row(process, preset, steps, results.Average(r => r.Nfe), apart, worst, (long)beyond);
    }
}
