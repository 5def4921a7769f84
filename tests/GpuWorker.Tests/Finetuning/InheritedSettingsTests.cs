using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.GpuWorker.Tests.Finetuning;

/// <summary>A model that was adapted once is adapted on as it is used, unless the manifest says otherwise.</summary>
public sealed class InheritedSettingsTests
{
    static string Manifest(string output, string from, string data = "", string objective = "") => $$"""
        { "kind": "finetune", "name": "f", "model": { "from": "models/{{from}}" }, "output": "models/{{output}}",
          "data": { "train": "data/train.jsonl", {{data}} "maxLength": 48 }, "objective": { {{objective}} },
          "training": { "steps": 1, "batchTokens": 128, "learningRate": 0.01 } }
        """;

    static async Task<DiffusionSettings> Adapt(WorkRoot root, string manifest, string output)
    {
        await root.MustRun(manifest);
        return DiffusionSettings.Read(root.Path("models/" + output), [])!;
    }

    [Fact]
    public async Task Attention_shift_and_texts_are_taken_over_and_the_manifest_wins()
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder("gpt2");
        DiffusionSettings fresh = await Adapt(root, Manifest("fresh", "decoder"), "fresh");
        Assert.Equal((AttentionKind.Full, false, "{source}", "{target}"), (fresh.Attention, fresh.Shift, fresh.Prompt, fresh.Target));

        DiffusionSettings first = await Adapt(root,
            Manifest("first", "decoder", "\"prompt\": \"say: {source} => \", \"target\": \"<{target}>\",",
                "\"shift\": true, \"attention\": \"prefix\", \"timesteps\": 7"), "first");
        Assert.Equal((AttentionKind.Prefix, true), (first.Attention, first.Shift));
        DiffusionSettings second = await Adapt(root, Manifest("second", "first"), "second");
        Assert.Equal((AttentionKind.Prefix, true, "say: {source} => ", "<{target}>"),
            (second.Attention, second.Shift, second.Prompt, second.Target));
        Assert.Equal(50, second.Timesteps); // how this training noises is its own

        DiffusionSettings other = await Adapt(root,
            Manifest("other", "first", "\"prompt\": \"{source}\", \"target\": \"{target}\",", "\"shift\": false, \"attention\": \"full\""),
            "other");
        Assert.Equal((AttentionKind.Full, false, "{source}", "{target}"), (other.Attention, other.Shift, other.Prompt, other.Target));
    }

    [Fact]
    public async Task Saying_nothing_and_saying_the_general_default_are_two_manifests()
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder("gpt2");
        await root.MustRun(Manifest("first", "decoder", "", "\"shift\": true"));
        await root.MustRun(Manifest("second", "first"));
        JobOutcome changed = await root.Run(Manifest("second", "first", "", "\"shift\": false"));
        Assert.Equal((JobVerdict.BadInput, "/output"), (changed.Verdict, Assert.Single(changed.Problems).Pointer));
    }

    [Fact]
    public async Task There_is_no_going_over_to_an_attention_that_is_taken_over_as_causal()
    {
        using WorkRoot root = AdaptationFolders.Root().WithDecoder("gpt2");
        await root.MustRun(Manifest("first", "decoder", "", "\"attention\": \"causal\""));
        JobOutcome outcome = await root.Run(Manifest("second", "first", "", "\"annealSteps\": 1"));
        Assert.Equal((JobVerdict.BadInput, "/objective/annealSteps"), (outcome.Verdict, Assert.Single(outcome.Problems).Pointer));
        Assert.False(Directory.Exists(root.Path("models/second")));
    }
}
