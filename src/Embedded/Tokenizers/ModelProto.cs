namespace Microsoft.ML.Tokenizers;

/// <summary>What a SentencePiece model file holds, as far as encoding and decoding need it.</summary>
internal sealed class ModelProto
{
    /// <summary>The file; pieces are ranges of it.</summary>
    readonly byte[] _file;
    readonly List<ModelPiece> _pieces = new(32_768);

    ModelProto(byte[] file) => _file = file;

    /// <summary>The pieces; the index is the id.</summary>
    public IReadOnlyList<ModelPiece> Pieces => _pieces;

    /// <summary>1 Unigram, 2 BPE, 3 words, 4 characters.</summary>
    public int ModelType { get; private set; } = 1;

    public bool TreatWhitespaceAsSuffix { get; private set; }

    public bool ByteFallback { get; private set; }

    public int UnknownId { get; private set; }

    public int BeginningId { get; private set; } = 1;

    public int EndId { get; private set; } = 2;

    public bool AddDummyPrefix { get; private set; } = true;

    public bool RemoveExtraWhitespaces { get; private set; } = true;

    public bool EscapeWhitespaces { get; private set; } = true;

    /// <summary>The rewriting rules as SentencePiece compiles them; empty where there are none.</summary>
    public ReadOnlyMemory<byte> CharsMap { get; private set; }

    /// <summary>A piece's text in UTF-8.</summary>
    public ReadOnlySpan<byte> Text(int id) => _file.AsSpan(_pieces[id].Start, _pieces[id].Length);

    /// <exception cref="InvalidDataException">The file is broken, has no pieces, or lacks its unknown piece.</exception>
    public static ModelProto Read(byte[] file)
    {
        var model = new ModelProto(file);
        var reader = new ProtoReader(file);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: model.ReadPiece(reader.Bytes(), reader.BytesStart); break;
                case 2: model.ReadTrainer(reader.Bytes()); break;
                case 3: model.ReadNormalizer(reader.Bytes(), reader.BytesStart); break;
                default: reader.Skip(); break;
            }
        }
        if (model._pieces.Count == 0) throw new InvalidDataException("The SentencePiece model has no pieces.");
        // The piece itself says which one is the unknown.
        int unknown = model._pieces.FindIndex(p => p.Type == PieceType.Unknown);
        if (unknown < 0) throw new InvalidDataException("The SentencePiece model has no unknown piece.");
        model.UnknownId = unknown;
        return model;
    }

    void ReadPiece(ReadOnlySpan<byte> message, int start)
    {
        var (at, length, score, type) = (0, 0, 0f, PieceType.Normal);
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    length = reader.Bytes().Length;
                    at = start + reader.BytesStart;
                    break;
                case 2: score = reader.Single(); break;
                case 3: type = (PieceType)reader.Integer(); break;
                default: reader.Skip(); break;
            }
        }
        if (length == 0) throw new InvalidDataException($"The SentencePiece model's piece {_pieces.Count} is empty.");
        _pieces.Add(new ModelPiece(at, length, score, type));
    }

    void ReadTrainer(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3: ModelType = reader.Integer(); break;
                case 24: TreatWhitespaceAsSuffix = reader.Flag(); break;
                case 35: ByteFallback = reader.Flag(); break;
                case 41: BeginningId = reader.Integer(); break;
                case 42: EndId = reader.Integer(); break;
                default: reader.Skip(); break;
            }
        }
    }

    void ReadNormalizer(ReadOnlySpan<byte> message, int start)
    {
        var reader = new ProtoReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    int length = reader.Bytes().Length;
                    CharsMap = _file.AsMemory(start + reader.BytesStart, length);
                    break;
                case 3: AddDummyPrefix = reader.Flag(); break;
                case 4: RemoveExtraWhitespaces = reader.Flag(); break;
                case 5: EscapeWhitespaces = reader.Flag(); break;
                default: reader.Skip(); break;
            }
        }
    }
}
