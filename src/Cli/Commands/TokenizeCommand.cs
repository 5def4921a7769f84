using System.Buffers;
using System.CommandLine;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Cli.Tokenizing;
using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch tokenize</c>: texts to ids and back, by a folder's tokenizer.</summary>
internal sealed class TokenizeCommand : DbatchCommand
{
    const int FlushAt = 1 << 15; // bytes

    readonly Argument<string> _folder = new("FOLDER") { Description = "A folder with a tokenizer's files, such as a model's." };
    readonly Option<bool> _plain = new("--plain") { Description = "Without the special tokens that the family adds." };
    readonly Option<bool> _decode = new("--decode") { Description = "The other way: arrays of ids in, JSON strings out." };
    readonly Option<string?> _as = new("--as")
    {
        Description = "The family, in place of what config.json or the files say.",
        HelpName = string.Join('|', TokenizerFamilies.Names),
    };

    public TokenizeCommand() : base("tokenize",
        "Read JSON strings from standard input, one a line, and write their token ids as JSON arrays, one a line.",
        "echo '\"Datei nicht gefunden\"' | dbatch tokenize demo-output/models/messages",
        "echo '[0,42,2]' | dbatch tokenize demo-output/models/messages --decode")
    {
        Arguments.Add(_folder);
        _as.AcceptOnlyFromAmong([.. TokenizerFamilies.Names]);
        foreach (Option option in (Option[])[_plain, _decode, _as]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        string folder = arguments.GetRequiredValue(_folder);
        var tokenizer = FolderTokenizer.Open(folder, arguments.GetValue(_as));
        foreach (string note in tokenizer.Notes) screen.Note($"dbatch: {folder}: {note}");
        var lines = new TokenLines(tokenizer, arguments.GetValue(_plain));
        bool decode = arguments.GetValue(_decode);
        await using Stream input = Console.OpenStandardInput(), output = Console.OpenStandardOutput();
        var written = new ArrayBufferWriter<byte>(FlushAt * 2);
        var reader = new LineReader(input, FlushAsync);
        try
        {
            while (await reader.ReadAsync(cancellationToken) is { } line)
            {
                if (line.Span.IndexOfAnyExcept(" \t"u8) < 0) continue;
                if (decode) lines.Decode(line.Span, written);
                else lines.Encode(line.Span, written);
                if (written.WrittenCount >= FlushAt) await FlushAsync(cancellationToken);
            }
        }
        catch (FormatException e)
        {
            throw new UserException($"standard input:{reader.Number}: {e.Message}");
        }
        finally
        {
            await FlushAsync(CancellationToken.None);
        }
        return ExitCodes.Done;

        async Task FlushAsync(CancellationToken token)
        {
            if (written.WrittenCount == 0) return;
            await output.WriteAsync(written.WrittenMemory, token);
            await output.FlushAsync(token);
            written.ResetWrittenCount();
        }
    }
}
