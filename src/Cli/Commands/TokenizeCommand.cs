using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Cli.Tokenizing;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch tokenize</c>: texts to ids and back, by a folder's tokenizer.</summary>
internal sealed class TokenizeCommand : DbatchCommand
{
    static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Argument<string> _folder = new("FOLDER") { Description = "A folder with tokenizer files (vocab.json and merges.txt), such as a model's." };
    readonly Option<bool> _plain = new("--plain") { Description = "Without the special tokens that the family adds." };
    readonly Option<bool> _decode = new("--decode") { Description = "The other way: arrays of ids in, JSON strings out." };
    readonly Option<string?> _as = new("--as") { Description = "The family, in place of what config.json or the files say.", HelpName = string.Join('|', FolderTokenizer.Families) };

    public TokenizeCommand() : base("tokenize",
        "Read JSON strings from standard input, one a line, and write their token ids as JSON arrays, one a line.",
        "echo '\"Datei nicht gefunden\"' | dbatch tokenize demo-output/models/messages",
        "echo '[0,42,2]' | dbatch tokenize demo-output/models/messages --decode")
    {
        Arguments.Add(_folder);
        _as.AcceptOnlyFromAmong(FolderTokenizer.Families);
        foreach (Option option in (Option[])[_plain, _decode, _as]) Options.Add(option);
    }

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        FolderTokenizer tokenizer = FolderTokenizer.Open(arguments.GetRequiredValue(_folder), arguments.GetValue(_as));
        bool plain = arguments.GetValue(_plain), decode = arguments.GetValue(_decode);
        using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false, throwOnInvalidBytes: true));
        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false));
        for (int number = 1; await input.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            string result;
            try
            {
                result = decode
                    ? JsonSerializer.Serialize(tokenizer.Decode(JsonSerializer.Deserialize<int[]>(line) ?? throw new JsonException()), s_json)
                    : JsonSerializer.Serialize(tokenizer.Encode(JsonSerializer.Deserialize<string>(line) ?? throw new JsonException(), plain), s_json);
            }
            catch (JsonException)
            {
                throw new UserException($"standard input:{number}: expected {(decode ? "an array of ids, such as [0,42,2]" : "a JSON string, such as \"a text\"")}");
            }
            await output.WriteLineAsync(result).ConfigureAwait(false);
        }
        return ExitCodes.Done;
    }
}
