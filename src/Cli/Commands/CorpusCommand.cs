using System.CommandLine;
using System.CommandLine.Parsing;
using DiffusionBatch.Cli.Corpus;
using DiffusionBatch.Cli.Demo;
using DiffusionBatch.Cli.Terminal;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch corpus</c>: human-translated message pairs out of the .NET SDK on this machine.</summary>
internal sealed class CorpusCommand : DbatchCommand
{
    readonly Option<string> _languages = new("--languages")
    {
        Description = "Source and target language; one of them is en. The others: cs, de, es, fr, it, ja, ko, pl, pt-BR, ru, tr, "
            + "zh-Hans, zh-Hant.",
        HelpName = "PAIR",
        DefaultValueFactory = _ => "de-en",
    };
    readonly Option<string?> _out = new("--out") { Description = "The file to write; without it, standard output.", HelpName = "FILE" };
    readonly Option<int> _minWords = new("--min-words")
    {
        Description = "The fewest words of a message, in each language.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    readonly Option<int?> _maxWords = new("--max-words")
    {
        Description = "The most words of a message, in each language. Default: no bound.",
        HelpName = "N",
    };
    readonly Option<bool> _split = new("--split")
    {
        Description = "Write three files, FILE with .train, .validation and .test before its extension; no sentence is in two of them.",
    };

    readonly Option<bool> _text = new("--text")
    {
        Description = "Texts to pretrain a backbone on, as JSONL of {\"id\",\"source\"}: each message with its translation, and the "
            + "SDK's XML documentation; nothing that the demo holds out.",
    };

    public CorpusCommand() : base("corpus",
        "Extract human-translated message pairs from the .NET SDK's satellite assemblies, as JSONL of {\"id\",\"source\",\"target\"}.",
        "dbatch corpus | head -n 3",
        "dbatch corpus --max-words 12 --out data/messages.jsonl --split",
        "dbatch corpus --languages en-fr --out data/en-fr.jsonl",
        "dbatch corpus --text --out data/backbone.jsonl")
    {
        foreach (Option option in (Option[])[_languages, _out, _minWords, _maxWords, _split, _text]) Options.Add(option);
        _minWords.Validators.Add(AtLeastOne);
        _maxWords.Validators.Add(AtLeastOne);
        Validators.Add(result =>
        {
            if (result.GetValue(_split) && result.GetValue(_out) is null)
                result.AddError("--split needs --out FILE: it writes three files.");
            if (result.GetValue(_text) && (Option[])[_split, _minWords, _maxWords] is var others
                && others.FirstOrDefault(o => result.GetResult(o) is { Implicit: false }) is { } other)
                result.AddError($"{other.Name} is for pairs; with --text it has no meaning.");
        });
    }

    /// <inheritdoc/>
    protected override Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        var (source, target) = CorpusOptions.ParseLanguages(arguments.GetRequiredValue(_languages));
        if (arguments.GetValue(_text))
        {
            Texts(screen, source, target, arguments.GetValue(_out), cancellationToken);
            return Task.FromResult(ExitCodes.Done);
        }
        var options = new CorpusOptions(source, target, arguments.GetValue(_minWords), arguments.GetValue(_maxWords) ?? int.MaxValue);
        DotnetSdk sdk = DotnetSdk.Find();
        IReadOnlyList<MessagePair> pairs = SatelliteCorpus.Extract(sdk, options, cancellationToken);
        string origin = $"{Figures.Count(pairs.Count)} {source}-{target} pairs from the .NET SDK {sdk.Version}";
        if (arguments.GetValue(_out) is not { } path)
        {
            using Stream output = Console.OpenStandardOutput();
            PairFile.Write(output, pairs);
            screen.Note($"dbatch: {origin}");
        }
        else if (arguments.GetValue(_split))
        {
            CorpusSplit split = CorpusSplit.Of(pairs);
            foreach (var (part, of) in ((string, IReadOnlyList<MessagePair>)[])[("train", split.Train), ("validation", split.Validation),
                ("test", split.Test)])
            {
                string file = Path.ChangeExtension(path, part + Path.GetExtension(path));
                PairFile.Write(file, of);
                screen.Note($"dbatch: {file}: {Figures.Count(of.Count)} of {origin}");
            }
        }
        else
        {
            PairFile.Write(path, pairs);
            screen.Note($"dbatch: {path}: {origin}");
        }
        return Task.FromResult(ExitCodes.Done);
    }

    static void Texts(Screen screen, string source, string target, string? path, CancellationToken cancellationToken)
    {
        DotnetSdk sdk = DotnetSdk.Find();
        IReadOnlyList<TextLine> texts = TextCorpus.Extract(sdk, source, target, cancellationToken);
        string origin = $"{Figures.Count(texts.Count)} texts from the .NET SDK {sdk.Version}";
        if (path is null)
        {
            using Stream output = Console.OpenStandardOutput();
            PairFile.Write(output, texts);
            screen.Note($"dbatch: {origin}");
        }
        else
        {
            PairFile.Write(path, texts);
            screen.Note($"dbatch: {path}: {origin}");
        }
    }

    static void AtLeastOne(OptionResult result)
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int value) && value < 1)
            result.AddError($"{result.Option.Name} {value}: expected at least 1.");
    }
}
