using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

/// <summary>
/// Manifests with one thing wrong each: what is changed in a good one, where the one problem is and what it says.
/// <paramref name="Shape"/> tells whether the JSON Schema sees it too (the rest takes knowledge of other fields or files).
/// </summary>
internal sealed record BadManifest(string Base, string From, string To, string Pointer, string Message, bool Shape = true)
{
    public string Text => Base.Contains(From, StringComparison.Ordinal)
        ? Base.Replace(From, To)
        : throw new InvalidOperationException($"{From} is not in the base");

    public override string ToString() => $"{Pointer}: {To}";

    static readonly string F = Read.Finetune, S = Read.Sample, E = Read.Evaluate;

    static readonly string s_processes =
        Pipeline.Manifests.Reading.ValueWords.OneOf(StrategyCatalog.Of(StrategyKind.Process).Select(c => c.Name));
    static readonly string s_presets =
        Pipeline.Manifests.Reading.ValueWords.OneOf(StrategyCatalog.Of(StrategyKind.Preset).Select(c => c.Name));
    static readonly string s_metrics =
        Pipeline.Manifests.Reading.ValueWords.OneOf(StrategyCatalog.Of(StrategyKind.Metric).Select(c => c.Name));

    static readonly string s_fields = Pipeline.Manifests.Reading.ValueWords.OneOf(
        [.. RecordShape.Of(typeof(SampleManifest)).Fields.Select(f => f.Name), "kind"]);

    public static readonly BadManifest[] All =
    [
        // kinds and common fields
        new(S, "\"kind\": \"sample\", ", "", "",
            "the field \"kind\" is missing: expected one of \"finetune\", \"sample\", \"evaluate\", \"pipeline\""),
        new(S, "\"kind\": \"sample\"", "\"kind\": \"sampel\"", "/kind",
            "expected one of \"finetune\", \"sample\", \"evaluate\", \"pipeline\", found \"sampel\"; did you mean \"sample\"?"),
        new(S, "\"kind\": \"sample\"", "\"kind\": 3", "/kind",
            "expected one of \"finetune\", \"sample\", \"evaluate\", \"pipeline\", found 3"),
        new(S, "\"name\": \"de-en-test\", ", "", "",
            "the field \"name\" is missing: expected a name of 1 to 63 characters a-z, 0-9 and '-', the first not '-'"),
        new(S, "de-en-test\",", "De_En\",", "/name",
            "expected a name of 1 to 63 characters a-z, 0-9 and '-', the first not '-', found \"De_En\""),
        new(S, "\"de-en-test\",", "5,", "/name", "expected a name of 1 to 63 characters a-z, 0-9 and '-', the first not '-', found 5"),
        new(S, "\"seed\": 1", "\"seed\": -1", "/seed", "expected a whole number from 0 to 9007199254740991, found -1"),
        new(S, "\"seed\": 1", "\"seed\": 1.5", "/seed", "expected a whole number from 0 to 9007199254740991, found 1.5"),
        new(S, "\"seed\": 1", "\"seed\": 1e999", "/seed", "expected a whole number from 0 to 9007199254740991, found 1e999"),
        new(S, "\"seed\": 1", "\"seed\": null", "/seed", "expected a whole number from 0 to 9007199254740991, found null"),
        new(S, "\"seed\": 1,", "\"seed\": 1, \"overwrite\": \"yes\",", "/overwrite", "expected true or false, found \"yes\""),
        new(S, "\"trace\": false", "\"trase\": false", "/trase", "unknown field \"trase\"; did you mean \"trace\"?"),
        new(S, "\"shardSize\"", "\"shard_size\"", "/shard_size", "unknown field \"shard_size\"; did you mean \"shardSize\"?"),
        new(S, "\"trace\": false", "\"gpu\": false", "/gpu", "unknown field \"gpu\"; expected " + s_fields),
        // paths
        new(S, "results/new", "/results/new", "/output",
            "expected a folder's path, relative to the storage root, found \"/results/new\": it is absolute"),
        new(S, "results/new", "C:/results", "/output",
            "expected a folder's path, relative to the storage root, found \"C:/results\": it is absolute"),
        new(S, "results/new", "../new", "/output",
            "expected a folder's path, relative to the storage root, found \"../new\": \"..\" could leave the storage root"),
        new(S, "results/new", "a/../../new", "/output",
            "expected a folder's path, relative to the storage root, found \"a/../../new\": \"..\" could leave the storage root"),
        new(S, "results/new", "results\\\\new", "/output", "expected a folder's path, relative to the storage root, found "
            + "\"results\\new\": folders are separated by \"/\", not by \"\\\""),
        new(S, "results/new", ".", "/output",
            "expected a folder's path, relative to the storage root, found \".\": it names the storage root itself"),
        new(S, "results/new", "", "/output",
            "expected a folder's path, relative to the storage root, found \"\": it names the storage root itself"),
        new(S, "results/new", "old.txt", "/output", "expected a folder or nothing there, but \"old.txt\" is a file", Shape: false),
        new(S, "results/new", "old.txt/new", "/output", "expected a folder or nothing there, but \"old.txt/new\" lies under a file",
            Shape: false),
        new(S, "data/test.jsonl", "old.txt/test.jsonl", "/input", "expected a file, but \"old.txt/test.jsonl\" lies under a file",
            Shape: false),
        new(S, "results/new", new string('ö', 128), "/output", $"expected a folder's path, relative to the storage root, found "
            + $"\"{new string('ö', 57)}...\": a name in it has more than 255 bytes", Shape: false),
        new(S, "data/test.jsonl", "data/tset.jsonl", "/input",
            "expected a file, but \"data/tset.jsonl\" does not exist under the storage root", Shape: false),
        new(S, "data/test.jsonl", "data", "/input", "expected a file, but \"data\" is a folder", Shape: false),
        new(S, "models/de-en", "models/fr-en", "/model/from",
            "expected a folder, but \"models/fr-en\" does not exist under the storage root", Shape: false),
        new(S, "models/de-en", "old.txt", "/model/from", "expected a folder, but \"old.txt\" is a file", Shape: false),
        new(S, "results/new", "models/de-en", "/model/from", "the job reads \"models/de-en\", which is its own output", Shape: false),
        // samplers
        new(S, "[1, 2, 4, 8, 16, 32, 50]", "[1, 0, 4]", "/sampler/steps/1", "expected a whole number from 1 to 1000000, found 0"),
        new(S, "[1, 2, 4, 8, 16, 32, 50]", "0", "/sampler/steps",
            "expected a whole number from 1 to 1000000, or a list of such numbers, found 0"),
        new(S, "[1, 2, 4, 8, 16, 32, 50]", "[]", "/sampler/steps",
            "expected a whole number from 1 to 1000000, or a list of such numbers, found an empty list"),
        new(S, "[1, 2, 4, 8, 16, 32, 50]", "[4, 8, 4]", "/sampler/steps/2",
            "the value 4 stands twice in the list; each combination runs once"),
        new(S, "[1, 2, 4, 8, 16, 32, 50]", "\"8\"", "/sampler/steps",
            "expected a whole number from 1 to 1000000, or a list of such numbers, found \"8\""),
        new(S, "\"uncond\"", "\"uncnod\"", "/sampler/reMask",
            "expected one of \"uncond\", \"cond\", or a list of these, found \"uncnod\"; did you mean \"uncond\"?"),
        new(S, "\"rdm\"", "\"best-first\"", "/sampler/preset", $"expected {s_presets}, or a list of these, found \"best-first\""),
        new(S, "\"temperature\": 0", "\"temperature\": -0.5", "/sampler/temperature",
            "expected a number from 0 to 1000, or a list of such numbers, found -0.5"),
        new(S, "\"temperature\": 0", "\"noise\": 1", "/sampler/noise", "the field \"noise\" is for the order \"stochastic\" only",
            Shape: false),
        new(S, "\"beam\": 5", "\"beam\": 0", "/sampler/length/beam",
            "expected a whole number from 1 to 1024, or a list of such numbers, found 0"),
        new(S, "\"source\": \"predicted\", \"beam\": 5", "\"source\": \"fixed\"", "/sampler/length",
            "the source \"fixed\" needs the field \"value\"", Shape: false),
        new(S, "\"beam\": 5", "\"value\": 5", "/sampler/length/value", "the field \"value\" is for the source \"fixed\" only",
            Shape: false),
        new(S, "\"source\": \"predicted\"", "\"source\": \"oracle\"", "/sampler/length/beam",
            "the field \"beam\" is for the source \"predicted\" only", Shape: false),
        new(S, "{ \"source\": \"predicted\", \"beam\": 5 }", "60", "/sampler/length", "expected an object, found 60"),
        new(S, "\"shardSize\": 256", "\"errorThreshold\": 2", "/errorThreshold", "expected a number from 0 to 1, or -1, found 2"),
        new(S, "\"shardSize\": 256", "\"shardSize\": 0", "/shardSize", "expected a whole number from 1 to 1000000, found 0"),
        // finetuning
        new(F, "\"new\": {", "\"from\": \"models/base\", \"new\": {", "/model", "expected either \"from\" or \"new\", found both"),
        new(F, ",\n             \"tokenizer\": { \"train\": \"bpe\", \"vocabularySize\": 8000 }", "", "/model", "the field \"new\" needs "
            + "the field \"tokenizer\" beside it, or \"vocabularySize\" in it for a model of token ids alone", Shape: false),
        new(F, "\"heads\": 4", "\"heads\": 4, \"vocabularySize\": 100", "/model/new/vocabularySize",
            "the tokenizer says the number of ids: expected either \"vocabularySize\" or \"tokenizer\", found both", Shape: false),
        new(F, "\"heads\": 4", "\"heads\": 4, \"vocabularySize\": 3", "/model/new/vocabularySize",
            "expected a whole number from 4 to 1000000, found 3"),
        new(F, "\"train\": \"bpe\", \"vocabularySize\": 8000", "\"vocabularySize\": 8000", "/model/tokenizer",
            "expected \"train\" or \"from\", found neither"),
        new(F, "\"train\": \"bpe\", \"vocabularySize\": 8000", "\"from\": \"models/base\", \"vocabularySize\": 8000", "/model/tokenizer",
            "the field \"vocabularySize\" needs the field \"train\" beside it"),
        new(F, "\"vocabularySize\": 8000", "\"vocabularySize\": 100", "/model/tokenizer/vocabularySize",
            "expected a whole number from 261 to 1000000, found 100"),
        new(F, "\"train\": \"bpe\"", "\"train\": \"unigram\"", "/model/tokenizer/train",
            "\"unigram\" is not available in this version: expected \"bpe\""),
        new(F, "\"heads\": 4", "\"heads\": 5", "/model/new/heads", "expected a number of heads that divides hiddenSize 256, found 5",
            Shape: false),
        new(F, "\"dropout\": 0.1", "\"dropout\": 1", "/model/new/dropout", "expected a number at least 0 and below 1, found 1"),
        new(F, "\"maxLength\": 256", "\"maxLength\": 257", "/data/maxLength", "expected a maxLength of at most maxPositions 256, found 257",
            Shape: false),
        new(F, "{source}", "{src}", "/data/prompt", "expected a text with {source} and no other placeholder, found \"Translate the "
            + "German sentence into English. German: {src}...\""),
        new(F, "\"target\": \"{target}\"", "\"target\": \"-> {target} {source}\"", "/data/target",
            "expected a text with {target} and no other placeholder, found \"-> {target} {source}\""),
        new(F, "\"data\": { \"train\": \"data/train.jsonl\", ", "\"data\": { ", "/data",
            "the field \"train\" is missing: expected a file's path, relative to the storage root"),
        new(F, "\"absorbing\"", "\"mdlm\"", "/objective/process", $"expected {s_processes}, found \"mdlm\"; did you mean \"mlm\"?"),
        new(F, "\"coupled\": true", "\"ratio\": 0.15", "/objective/ratio", "the field \"ratio\" is for the process \"mlm\" only",
            Shape: false),
        new(F, "\"coupled\": true", "\"ratio\": 0", "/objective/ratio", "expected a number above 0 and at most 1, found 0"),
        new(F, "\"attention\": \"full\"", "\"attention\": \"causal\", \"annealSteps\": 5", "/objective/annealSteps",
            "there is nothing to go over to: the attention is \"causal\"", Shape: false),
        new(F, "\"coupled\": true", "\"coupled\": 1", "/objective/coupled", "expected true or false, found 1"),
        new(F, "\"attention\": \"full\"", "\"attention\": \"ful\"", "/objective/attention",
            "expected one of \"full\", \"prefix\", \"causal\", \"blockwise\", found \"ful\"; did you mean \"full\"?"),
        new(F, "\"float32\"", "\"float16\"", "/training/precision",
            "\"float16\" is not available in this version: expected one of \"float32\", \"bfloat16\", \"auto\""),
        new(F, "\"warmupSteps\": 300", "\"warmupSteps\": 3001", "/training/warmupSteps",
            "expected at most as many as steps, 3000, found 3001", Shape: false),
        new(F, "\"minLearningRate\": 0", "\"minLearningRate\": 0.001", "/training/minLearningRate",
            "expected at most learningRate 0.0005, found 0.001", Shape: false),
        new(F, "\"learningRate\": 5e-4", "\"learningRate\": 0", "/training/learningRate",
            "expected a number above 0 and at most 10, found 0"),
        new(F, "[0.9, 0.98]", "[0.9]", "/training/betas", "expected a list of exactly 2 items, found a list of 1"),
        new(F, "[0.9, 0.98]", "[0.9, 1]", "/training/betas/1", "expected a number at least 0 and below 1, found 1"),
        new(F, "\"vocabulary\": { \"trim\": true }", "\"vocabulary\": true", "/vocabulary", "expected an object, found true"),
        new(F, "\"seed\": 1", "\"lora\": { \"rank\": 8 }", "/lora", "the field \"targets\" is missing: expected a list of at least 1 item"),
        new(F, "\"seed\": 1", "\"lora\": { \"rank\": 0, \"targets\": [\"query\"] }", "/lora/rank",
            "expected a whole number from 1 to 65536, found 0"),
        new(F, "\"seed\": 1", "\"freeze\": \"*.bias\"", "/freeze", "expected a list of items, found \"*.bias\""),
        // evaluating
        new(E, "\"exactMatch\"", "\"exactmatch\"", "/metrics/3",
            $"expected {s_metrics}, found \"exactmatch\"; did you mean \"exactMatch\"?"),
        new(E, "\"exactMatch\"", "\"rougel\"", "/metrics/3", $"expected {s_metrics}, found \"rougel\"; did you mean \"rougeL\"?"),
        new(E, "\"exactMatch\"", "{ \"name\": \"ter\", \"stemmer\": true }", "/metrics/3/stemmer",
            "the metric \"ter\" has no option \"stemmer\"; expected one of \"normalized\", \"noPunct\", \"asianSupport\", "
                + "\"caseSensitive\", \"references\"", Shape: false),
        new(E, "\"exactMatch\"", "{ \"name\": \"choice\", \"references\": \"data/none.jsonl\" }", "/metrics/3/references",
            "expected a file, but \"data/none.jsonl\" does not exist under the storage root", Shape: false),
        new(E, "\"exactMatch\"", "{ \"name\": \"chrf\", \"as\": \"c\", \"charOrder\": 0 }", "/metrics/3/charOrder",
            "expected a whole number from 1 to 100, found 0"),
        new(E, ", \"as\": \"bleu-intl\"", "", "/metrics/1", "two metrics are labelled \"bleu\"; give one another label with \"as\"",
            Shape: false),
        new(E, "\"tokenize\": \"intl\"", "\"tokenize\": \"ja-mecab\"", "/metrics/1/tokenize", "\"ja-mecab\" is not available in this "
            + "version: expected one of \"13a\", \"intl\", \"char\", \"none\", \"zh\", \"unicode\", \"ids\""),
        new(E, "\"tokenize\": \"intl\"", "\"tokenize\": \"unicode\"", "/metrics/1/tokenize", "the metric \"bleu\" doesn't take the "
            + "tokenize \"unicode\"; expected one of \"13a\", \"intl\", \"char\", \"none\", \"zh\"", Shape: false),
        new(E, "\"exactMatch\"", "{ \"name\": \"rougeL\", \"tokenize\": \"intl\" }", "/metrics/3/tokenize",
            "the metric \"rougeL\" doesn't take the tokenize \"intl\"; expected \"unicode\"", Shape: false),
        new(E, "\"exactMatch\"", "{ \"name\": \"choice\", \"extract\": \"lm-eval-strict\" }", "/metrics/3/extract",
            "the metric \"choice\" doesn't take the extract \"lm-eval-strict\"; expected one of \"reader\", \"lm-eval-mmlu-pro\"",
            Shape: false),
        new(E, "\"exactMatch\"", "{ \"name\": \"lastNumber\", \"extract\": \"lm-eval-mmlu-pro\" }", "/metrics/3/extract",
            "the metric \"lastNumber\" doesn't take the extract \"lm-eval-mmlu-pro\"; expected one of \"reader\", \"lm-eval-strict\", "
                + "\"lm-eval-flexible\"", Shape: false),
        new(E, "\"exactMatch\"", "{ \"name\": \"exactMatch\", \"extract\": \"reader\" }", "/metrics/3/extract",
            "the metric \"exactMatch\" has no option \"extract\"; expected one of \"lowercase\", \"references\"", Shape: false),
        new(E, "\"tokenize\": \"intl\"", "\"tokenize\": \"ids\"", "/metrics/1/tokenize", "the metric \"bleu\" doesn't take the tokenize "
            + "\"ids\"; expected one of \"13a\", \"intl\", \"char\", \"none\", \"zh\"", Shape: false),
        new(E, "\"exactMatch\"", "\"mauve\"", "/metrics/3",
            "the metric \"mauve\" needs the fields \"features\" and \"referenceFeatures\", or \"model\"", Shape: false),
        new(E, "\"exactMatch\"", "{ \"name\": \"perplexity\", \"model\": \"models/de-en\", \"likelihoods\": \"data/test.jsonl\" }",
            "/metrics/3/likelihoods", "\"likelihoods\" and \"model\" stand for each other; expected one of them", Shape: false),
        new(E, "\"exactMatch\"", "{ \"name\": \"perplexity\", \"draws\": 3 }", "/metrics/3/draws",
            "\"draws\" means nothing without \"model\"", Shape: false),
        new(E, "\"exactMatch\"", "{ \"name\": \"mauve\", \"features\": \"../f\", \"referenceFeatures\": \"data/test.jsonl\" }",
            "/metrics/3/features", "expected a file's or folder's path, relative to the storage root, found \"../f\": \"..\" could leave "
                + "the storage root"),
        new(E, "\"exactMatch\"", "{ \"name\": \"repetition\", \"window\": 0 }", "/metrics/3/window",
            "expected a whole number from 1 to 1000000, found 0"),
        new(E, "\"tokenize\": \"intl\"", "\"wordOrder\": 2", "/metrics/1/wordOrder",
            "the metric \"bleu\" has no option \"wordOrder\"; expected one of \"tokenize\", \"smoothMethod\", \"smoothValue\", "
                + "\"lowercase\", \"effectiveOrder\", \"references\"", Shape: false),
        new(E, "\"cost\"", "{ \"name\": \"cost\", \"lowercase\": true }", "/metrics/4/lowercase",
            "the metric \"cost\" has no option \"lowercase\"; expected one of \"pricePerHour\", \"currency\"", Shape: false),
        new(E, "\"tokenize\": \"intl\"", "\"smoothValue\": 1", "/metrics/1/smoothValue",
            "the field \"smoothValue\" is for the smoothMethod \"floor\" or \"add-k\" only", Shape: false),
        new(E, "\"chrf\"", "7", "/metrics/2", "expected a text or an object, found 7"),
        new(E, "[\"bleu\", { \"name\": \"bleu\", \"tokenize\": \"intl\", \"as\": \"bleu-intl\" }, \"chrf\", \"exactMatch\", \"cost\"]",
            "[]", "/metrics", "expected a list of at least 1 item, found an empty list"),
        new(E, "results/de-en-test", "results/none", "/predictions",
            "expected a file or a folder, but \"results/none\" does not exist under the storage root", Shape: false),
    ];
}
