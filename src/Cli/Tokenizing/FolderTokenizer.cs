using DiffusionBatch.Diffusion.Tokenization;

namespace DiffusionBatch.Cli.Tokenizing;

/// <summary>A folder's tokenizer with the special tokens that its family puts around a text.</summary>
internal sealed class FolderTokenizer
{
    readonly ITextTokenizer _tokenizer;

    FolderTokenizer(ITextTokenizer tokenizer) => _tokenizer = tokenizer;

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="family">The family's name, in place of what config.json or the files say.</param>
    /// <exception cref="UserException">The folder is missing, has no tokenizer, or one that can't be read.</exception>
    public static FolderTokenizer Open(string folder, string? family)
    {
        if (!Directory.Exists(folder)) throw new UserException($"{folder}: no such folder");
        try
        {
            return new FolderTokenizer(TokenizerFolder.Open(folder, family is null ? null : TokenizerFamilies.Of(family))
                ?? throw new UserException($"{folder}: no tokenizer files: expected {TokenizerFolder.Expected}"));
        }
        catch (Exception e) when (e is TokenizerException or IOException or UnauthorizedAccessException)
        {
            throw new UserException(e.Message);
        }
    }

    /// <summary>What the user should know of the folder: which of its files were used where they contradict each other.</summary>
    public IReadOnlyList<string> Notes => _tokenizer.AddedTokens.Notes;

    /// <summary>The ids of a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="plain">Without the family's special tokens around it.</param>
    public int[] Encode(string text, bool plain) => plain ? _tokenizer.Encode(text) : _tokenizer.Frame.Around(_tokenizer.Encode(text));

    /// <summary>The text of ids, special tokens left out.</summary>
    public string Decode(int[] ids) => _tokenizer.Decode(ids);
}
