using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using DiffusionBatch.Diffusion.Tokenization.Added;
using Microsoft.ML.Tokenizers;

namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>
/// Byte-level BPE as in GPT-2 and RoBERTa. Lossless: <c>Decode(Encode(x)) == x</c> for every Unicode text. (A lone surrogate
/// is no Unicode text; it is encoded as U+FFFD.)
/// </summary>
/// <remarks>
/// With <c>add_prefix_space</c>, which trained vocabularies have, a space is put before every text that is not empty, so
/// that a word has the same ids at the start as elsewhere; decoding takes one leading space away again. The space is put
/// there even before a text that starts with one, otherwise "a" and " a" would be the same ids. Before an added token, and
/// behind one, no space is put, so that a text with added tokens comes back as well.
/// </remarks>
public sealed class ByteLevelBpeTokenizer : ITextTokenizer
{
    readonly BpeVocabulary _vocabulary;
    readonly BpeTokenizer _encoder;
    readonly Lazy<MergeTable> _merges; // for words that are too long for the library
    readonly byte[][] _bytes; // by id; empty for special tokens and gaps
    readonly TokenizerFiles? _files;
    readonly AddedVocabulary _added;

    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="files">The folder's files; null where the vocabulary was trained here.</param>
    /// <param name="family">The family, or null: the vocabulary's special tokens say it.</param>
    internal ByteLevelBpeTokenizer(BpeVocabulary vocabulary, TokenizerFiles? files = null, TokenizerFamily? family = null)
    {
        (_vocabulary, _files) = (vocabulary, files);
        _encoder = BpeTokenizer.Create(new BpeOptions(vocabulary.Ids)
        {
            ByteLevel = true,
            Merges = vocabulary.Merges,
            PreTokenizer = Gpt2PreTokenizer.Instance,
        });
        _merges = new Lazy<MergeTable>(() => MergeTable.Of(vocabulary.Ids, vocabulary.Merges));
        Specials = vocabulary.Specials.Resolve(name => vocabulary.Ids.TryGetValue(name, out int id) ? id : files?.Added.IdOf(name) ?? -1);
        _added = files is null
            ? AddedVocabulary.None
            : new AddedVocabulary(files, Specials, BaseVocabulary.Of(BpeFiles.Vocabulary, vocabulary.Ids));
        VocabularySize = Math.Max(vocabulary.Ids.Values.Max(), _added.HighestId) + 1;
        Frame = family switch
        {
            TokenizerFamily.Gpt2 => TextFrame.None,
            TokenizerFamily.Llama => TextFrame.Of(Specials.Bos, -1),
            // A vocabulary that begins and ends a text with different tokens is RoBERTa's kind; GPT-2 has one for both.
            null when Specials.Bos == Specials.Eos => TextFrame.None,
            _ => Specials is { Bos: >= 0, Eos: >= 0 } ? TextFrame.Of(Specials.Bos, Specials.Eos) : TextFrame.None,
        };
        _bytes = new byte[VocabularySize][];
        Array.Fill(_bytes, []);
        foreach (var (token, id) in vocabulary.Ids)
            if (!Specials.Contains(id)) _bytes[id] = ByteAlphabet.BytesOf(token) ?? [];
        foreach (var token in _added.Tokens)
            _bytes[token.Id] = token.Special ? [] : Encoding.UTF8.GetBytes(token.Content);
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public SpecialTokens Specials { get; }

    /// <inheritdoc/>
    public TextFrame Frame { get; }

    /// <inheritdoc/>
    public AddedTokensInfo AddedTokens => _added.Info;

    /// <summary>Whether a space is put before every text, and taken away again by <see cref="Decode"/>.</summary>
    public bool AddPrefixSpace => _vocabulary.AddPrefixSpace;

    /// <inheritdoc/>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0) return [];
        var ids = new List<int>(text.Length / 3 + 4);
        if (!_added.FindsAny)
        {
            Encode(text, isStart: true, ids);
            return [.. ids];
        }
        foreach (var part in _added.Split(text))
        {
            if (part.Id >= 0) ids.Add(part.Id);
            else Encode(part.Text, part.IsStart, ids);
        }
        return [.. ids];
    }

    void Encode(string text, bool isStart, List<int> ids)
    {
        if (isStart && AddPrefixSpace) text = " " + text;
        if (!HasLongWord(text))
        {
            ids.AddRange(_encoder.EncodeToIds(text));
            return;
        }
        foreach (var (offset, length) in Gpt2PreTokenizer.Instance.PreTokenize(text))
        {
            var word = text.AsSpan(offset, length);
            if (length > MergeTable.LongestForLibrary) EncodeLong(word, ids);
            else ids.AddRange(_encoder.EncodeToIds(word, considerPreTokenization: false));
        }
    }

    static bool HasLongWord(ReadOnlySpan<char> text)
    {
        for (int length; text.Length > MergeTable.LongestForLibrary; text = text[length..])
            if ((length = Gpt2PreTokenizer.PieceLength(text)) > MergeTable.LongestForLibrary) return true;
        return false;
    }

    void EncodeLong(ReadOnlySpan<char> word, List<int> ids)
    {
        var symbols = new List<int>(word.Length);
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(word)];
        Encoding.UTF8.GetBytes(word, utf8);
        foreach (byte b in utf8)
            if (_vocabulary.Ids.TryGetValue(ByteAlphabet.TextOf(b), out int id))
                symbols.Add(id); // as the library, without a byte that the vocabulary lacks
        var merged = CollectionsMarshal.AsSpan(symbols);
        ids.AddRange(merged[.._merges.Value.Merge(merged)]);
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var utf8 = new ArrayBufferWriter<byte>(ids.Length * 4 + 16);
        bool isPrefixed = false;
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)_bytes.Length || _bytes[id].Length == 0) continue;
            if (utf8.WrittenCount == 0) isPrefixed = AddPrefixSpace && _added.Find(id) is null;
            utf8.Write(_bytes[id]);
        }
        var written = utf8.WrittenSpan;
        if (isPrefixed && written is [(byte)' ', ..]) written = written[1..];
        return Encoding.UTF8.GetString(written);
    }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        if (_files is null) BpeFiles.Write(folder, _vocabulary);
        else _files.Save(folder);
    }
}
