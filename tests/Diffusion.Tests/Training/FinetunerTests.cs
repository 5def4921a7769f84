using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Training;

namespace DiffusionBatch.Diffusion.Tests.Training;

public sealed class FinetunerTests : FinetuneRuns
{
    [Fact]
    public void A_run_leaves_a_folder_that_loads_and_reports_on_its_way()
    {
        var progress = new RecordingProgress();
        var report = Finetuner.Run(Request("out"), progress, default);
        Assert.Equal(["config.json", "diffusion.json", "length_predictor.safetensors", "merges.txt", "model.safetensors",
            "special_tokens_map.json", "tokenizer_config.json", "train.jsonl", "vocab.json"],
            Files(Folder["out"]).Keys.Order(StringComparer.Ordinal));
        using var checkpoint = Checkpoint.Load(Folder["out"]);
        Assert.Equal("de {source} en ", checkpoint.Settings!.Prompt);
        Assert.Equal(checkpoint.Model.VocabularySize - 1, checkpoint.Specials.Mask);
        Assert.Equal(64, checkpoint.Model.UsablePositions);
        Assert.NotNull(checkpoint.LengthPredictor);
        Assert.Equal([("train", 5), ("train", 10), ("train", 12), ("length", 5), ("length", 7)],
            report.Evaluations.Select(e => (e.Phase, (int)e.Step)));
        Assert.Equal(File.ReadAllLines(Folder["out/train.jsonl"]), report.Evaluations.Select(e => e.ToJson()));
        Assert.Equal(Enumerable.Range(1, 12), progress.All.Where(p => p.Phase == "train").Select(p => (int)p.Step));
        Assert.All(progress.All.Where(p => p.Phase is "train" or "length"),
            p => Assert.True(p.Loss > 0 && p.TokensPerSecond > 0 && p.SecondsLeft >= 0 && p.LearningRate >= 0));
        Assert.Equal((48, 0, 8), (report.TrainPairs, report.TrainTruncated, report.ValidationPairs));
        Assert.Equal(report.Parameters, checkpoint.Model.Named.Values.Sum(p => p.numel()));
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Bfloat16)]
    public void Stopped_anywhere_and_run_again_it_ends_with_the_same_bytes(Precision precision)
    {
        Finetuner.Run(Request("whole", precision: precision), null, default);
        var expected = Files(Folder["whole"]);
        foreach (var (phase, steps, every) in new[] { ("train", new[] { 1, 5, 6, 11 }, 3), ("train", [12], 0), ("length", [1, 6], 4) })
        {
            string name = $"{phase}-{every}";
            foreach (int step in steps)
            {
                using var stop = new CancellationTokenSource();
                var progress = new RecordingProgress(p => { if (p.Phase == phase && p.Step == step) stop.Cancel(); });
                Assert.ThrowsAny<OperationCanceledException>(() => Finetuner.Run(Request(name, every, precision), progress, stop.Token));
                Assert.Equal(step, progress.All.Last(p => p.Phase == phase).Step);
                Assert.False(Directory.Exists(Folder[name]));
            }
            var resumed = new RecordingProgress();
            Finetuner.Run(Request(name, every, precision), resumed, default);
            Assert.Equal(steps[^1] + 1, resumed.All.First(p => p.Phase == phase && p.Step > 0
                || p.Phase != phase && phase == "train" && p.Phase == "length").Step + (steps[^1] == 12 ? 12 : 0));
            AssertSame(expected, Files(Folder[name]));
        }
    }

    [Fact]
    public void Killed_between_checkpoints_it_goes_on_from_the_last_one()
    {
        Finetuner.Run(Request("whole", 5), null, default);
        // An exception out of the progress report ends the run as a kill does: without a checkpoint.
        var killer = new RecordingProgress(p => { if (p.Phase == "train" && p.Step == 9) throw new InvalidOperationException("killed"); });
        Assert.Throws<InvalidOperationException>(() => Finetuner.Run(Request("killed", 5), killer, default));
        var resumed = new RecordingProgress();
        var report = Finetuner.Run(Request("killed", 5), resumed, default);
        Assert.Equal(5, report.ResumedFrom);
        Assert.Equal(6, resumed.All.First(p => p.Phase == "train").Step);
        AssertSame(Files(Folder["whole"]), Files(Folder["killed"]));
    }

    [Fact]
    public void Side_by_side_in_a_process_runs_end_with_the_bytes_that_they_end_with_alone()
    {
        Finetuner.Run(Request("alone"), null, default);
        Parallel.Invoke([.. Enumerable.Range(0, 3).Select(i => (Action)(() => Finetuner.Run(Request($"beside {i}"), null, default)))]);
        var expected = Files(Folder["alone"]);
        for (int i = 0; i < 3; i++) AssertSame(expected, Files(Folder[$"beside {i}"]));
    }

    [Fact]
    public void Left_to_the_machine_the_arithmetic_is_told_and_its_weights_are_those_of_asking_for_it()
    {
        var progress = new RecordingProgress();
        var report = Finetuner.Run(Request("auto", precision: Precision.Auto), progress, default);
        string note = Assert.Single(progress.All, p => p.Note is not null).Note!;
        Assert.Equal([note], report.Notes);
        Assert.StartsWith(report.Precision == Precision.Bfloat16 ? "training in bfloat16, for which" : "training in float32: ", note);
        Finetuner.Run(Request("asked", precision: report.Precision), null, default);
        AssertSame(Files(Folder["asked"]), Files(Folder["auto"]));
        Finetuner.Run(Request("other", precision: report.Precision == Precision.Bfloat16 ? Precision.Float32 : Precision.Bfloat16), null,
            default);
        Assert.NotEqual(Files(Folder["asked"])["model.safetensors"], Files(Folder["other"])["model.safetensors"]);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Bfloat16)]
    public void Training_that_diverges_is_told_or_fails(Precision precision)
    {
        var request = Request("out", precision: precision) with { LengthPredictor = null };
        var progress = new RecordingProgress();
        var report = Finetuner.Run(request with { Training = request.Training with { LearningRate = 3, ClipNorm = 0, WarmupSteps = 0 } },
            progress, default);
        Assert.True(report.ValidationLoss > report.InitialValidationLoss);
        string note = Assert.Single(report.Notes, n => n.Contains("diverged"));
        Assert.Contains(note, progress.All.Select(p => p.Note));
        Assert.Equal(precision == Precision.Bfloat16, note.Contains("train in float32"));

        var far = Request("far", precision: precision) with { LengthPredictor = null };
        far = far with
        {
            Training = far.Training with
            {
                LearningRate = 10,
                WeightDecay = 1,
                Steps = 60,
                ClipNorm = 0,
                WarmupSteps = 0,
                CheckpointEvery = 1
            }
        };
        Assert.True(Assert.Throws<DivergedException>(() => Finetuner.Run(far, null, default)).Step > 0);
        Assert.False(Directory.Exists(Folder["far"]));
    }

    [Theory]
    [InlineData("sedd-absorb")]
    [InlineData("sedd-uniform")]
    public void Score_entropy_with_averaged_weights_goes_on_to_the_same_bytes(string process)
    {
        FinetuneRequest Scores(string name) => Request(name) with
        {
            Model = new TrainingModel
            {
                New =
                new NewModel { Architecture = "sedd", HiddenSize = 16, Layers = 2, Heads = 2, MaxPositions = 64, Dropout = 0.1 },
                Tokenizer = new TokenizerSource { Train = TokenizerKind.Bpe, VocabularySize = 300 }
            },
            Objective = new ObjectiveSettings { Process = process, NoiseSchedule = NoiseKind.Geometric, SigmaMax = 10 },
            Training = Request(name).Training with { Ema = 0.9 },
            LengthPredictor = null,
        };
        Finetuner.Run(Scores("whole"), null, default);
        using (var stop = new CancellationTokenSource())
            Assert.Throws<OperationCanceledException>(() => Finetuner.Run(Scores("stopped"), new RecordingProgress(p =>
            {
                if (p is { Phase: "train", Step: 7 }) stop.Cancel();
            }), stop.Token));
        Assert.Equal(7, Finetuner.Run(Scores("stopped"), null, default).ResumedFrom);
        AssertSame(Files(Folder["whole"]), Files(Folder["stopped"]));

        using var checkpoint = Checkpoint.Load(Folder["whole"]);
        Assert.Equal((process, NoiseKind.Geometric, 10),
            (checkpoint.Settings!.Process, checkpoint.Settings.NoiseSchedule, checkpoint.Settings.SigmaMax));
        if (process == "sedd-absorb") Assert.Equal(checkpoint.Model.VocabularySize - 1, checkpoint.Specials.Mask);
        Assert.Equal(CanvasClosing.Eos, checkpoint.Closing);
        Finetuner.Run(Scores("last") with { Training = Request("last").Training }, null, default);
        Assert.NotEqual(Files(Folder["last"])["model.safetensors"], Files(Folder["whole"])["model.safetensors"]);
    }

    [Theory]
    [InlineData("sedd", "absorbing", "sedd-absorb")]
    [InlineData("xlm-roberta", "sedd-uniform", "architecture sedd")]
    public void Networks_are_trained_by_processes_that_are_for_them(string architecture, string process, string expected)
    {
        var request = Request("x") with
        {
            Objective = new ObjectiveSettings { Process = process },
            Model = new TrainingModel
            {
                New = new NewModel { Architecture = architecture, HiddenSize = 16, Heads = 2, MaxPositions = 64 },
                Tokenizer = new TokenizerSource()
            }
        };
        Assert.Contains(request.Validate(), p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_work_folder_of_another_run_is_not_resumed()
    {
        Finetuner.Run(Request("out"), null, default);
        var other = Request("out") with { Seed = 12 };
        Assert.Equal(0, Finetuner.Run(other, null, default).ResumedFrom);
    }

    [Fact]
    public void Every_problem_of_a_request_is_listed()
    {
        var request = Request("out") with
        {
            Train = [],
            MaxLength = 65,
            Training = new TrainingSettings { Steps = 0, WarmupSteps = -1, Betas = [0.9, 1] }
        };
        var problems = Assert.Throws<FinetuneException>(() => Finetuner.Run(request, null, default)).Problems;
        Assert.Equal(5, problems.Count);
        Assert.Contains(Assert.Throws<FinetuneException>(() =>
            Finetuner.Run(Request("out") with { Freeze = ["nothing.*"] }, null, default)).Problems, p => p.Contains("nothing.*"));
        Assert.False(Directory.Exists(Folder["out"]));
    }

    [Fact]
    public void Long_pairs_are_cut_and_counted()
    {
        var report =
            Finetuner.Run(Request("out") with
            {
                MaxLength = 6,
                LengthPredictor = null,
                Training = new TrainingSettings { Steps = 1, WarmupSteps = 0, BatchTokens = 100 }
            }, null, default);
        Assert.Equal((48, 8), (report.TrainTruncated, report.ValidationTruncated));
    }
}
