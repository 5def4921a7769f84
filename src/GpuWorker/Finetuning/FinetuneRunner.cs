using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Files;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Diffusion.Training;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Finetuning;

/// <summary>One finetuning: reads the pairs, trains, and says what came of it.</summary>
internal static class FinetuneRunner
{
    /// <summary>Runs the task; an interrupted one goes on from its work folder.</summary>
    public static TaskReport Run(FinetuneTask task, TorchSharp.torch.Device? device, IProgress<TaskProgress>? progress,
        CancellationToken cancellationToken)
    {
        FinetuneManifest manifest = task.Manifest;
        AdaptedBefore before = AdaptedBefore.Of(manifest, task.Root);
        var mixture = new TrainingMixture(manifest, task.Root, before.Template(manifest));
        FinetuneRequest request = before.Request(manifest, task.Root, mixture.Train(cancellationToken),
            mixture.Validation(cancellationToken), task.Output, task.Work) with
        { Device = device };
        try
        {
            return Report(manifest, Finetuner.Run(request, progress is null ? null : new Progress(progress), cancellationToken));
        }
        catch (Exception e) when (e is CheckpointException or TokenizerException)
        {
            throw new ProblemsException(ModelProblems.Of(e, manifest.Model.From ?? manifest.Model.Tokenizer?.From ?? manifest.Output));
        }
        catch (DivergedException e)
        {
            throw new TaskFailedException(e.Message, e);
        }
        catch (FinetuneException e)
        {
            throw new ProblemsException([.. e.Problems.Select(p => Problem.OfFile(manifest.Name, p))]);
        }
    }

    static TaskReport Report(FinetuneManifest manifest, FinetuneReport report)
    {
        var warnings = new List<string>(report.Notes);
        Cut(report.TrainTruncated, report.TrainPairs, "training");
        Cut(report.ValidationTruncated, report.ValidationPairs, "validation");
        var metrics = new List<MetricValue>
        {
            new("", "parameters", report.Parameters),
            new("", "trainedParameters", report.TrainedParameters),
            new("", "tokensPerSecond", report.TokensPerSecond),
            new("", "seconds", report.Seconds),
        };
        Add("initialValidationLoss", report.InitialValidationLoss);
        Add("validationLoss", report.ValidationLoss);
        Add("bestValidationLoss", report.BestValidationLoss);
        Add("lengthLoss", report.LengthLoss);
        return new TaskReport { Items = new ItemCounts(report.TrainPairs, report.TrainPairs, 0), Warnings = warnings, Metrics = metrics };

        void Cut(int cut, int all, string kind)
        {
            if (cut > 0)
                warnings.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{cut} of {all} {kind} pairs are longer than maxLength {manifest.Data.MaxLength} and were cut from the left"));
        }

        void Add(string name, double? value)
        {
            if (value is { } number) metrics.Add(new MetricValue("", name, number));
        }
    }

    sealed class Progress(IProgress<TaskProgress> progress) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Note is not null)
            {
                progress.Report(new TaskProgress("", -1, 0, "", Note: value.Note));
                return;
            }
            var metrics = new Dictionary<string, double>();
            Add("loss", value.Loss);
            Add("tokens/s", value.TokensPerSecond);
            Add("validationLoss", value.ValidationLoss);
            Add("learningRate", value.LearningRate);
            progress.Report(new TaskProgress(Phase(value.Phase), value.Step, value.Steps, Unit(value.Phase), metrics));

            void Add(string name, double? number)
            {
                if (number is { } figure) metrics[name] = figure;
            }
        }

        static string Phase(string phase) => phase switch
        {
            "load" => "loading",
            "tokenizer" => "training the tokenizer",
            "encode" => "encoding",
            "train" => "training",
            "length" => "training lengths",
            "write" => "writing",
            _ => phase,
        };

        static string Unit(string phase) => phase switch
        {
            "load" => "bytes",
            "encode" => "pairs",
            "train" or "length" => "steps",
            _ => "files",
        };
    }
}
