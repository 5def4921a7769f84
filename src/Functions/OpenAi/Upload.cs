using System.Globalization;
using System.Text;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Functions.Requests;
using DiffusionBatch.Pipeline.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace DiffusionBatch.Functions.OpenAi;

/// <summary>
/// An upload by multipart/form-data. Its parts come in any order; the file's goes on to the store as it comes, so that memory doesn't grow
/// with it.
/// </summary>
internal sealed class Upload
{
    const int LongestField = 1024, MostParts = 16;

    readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    /// <summary>The stored file, or null: there was none.</summary>
    public StoredContent? Content { get; private set; }

    /// <summary>The file's name.</summary>
    public string? FileName { get; private set; }

    /// <summary>The stored file.</summary>
    /// <exception cref="RequestRefusedException">There was none.</exception>
    public StoredContent RequiredContent =>
        Content ?? throw new RequestRefusedException("Missing required parameter: 'file'.", "file", "missing_required_parameter");

    /// <summary>A field, or null.</summary>
    public string? Field(string name) => _fields.GetValueOrDefault(name);

    /// <summary>When the file is deleted, or null.</summary>
    public ExpiryBody? Expiry()
    {
        string? anchor = Field("expires_after[anchor]"), seconds = Field("expires_after[seconds]");
        return anchor is null && seconds is null ? null
            : new ExpiryBody(anchor, long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
                ? number
                : -1);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="RequestRefusedException">It is no multipart, or too large; nothing is stored.</exception>
    public static async Task<Upload> ReadAsync(HttpRequest request, UploadedFiles files, long limit, CancellationToken cancellationToken)
    {
        string? boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        if (string.IsNullOrEmpty(boundary))
            throw new RequestRefusedException("The body is not multipart/form-data.", null, "invalid_content_type",
                StatusCodes.Status415UnsupportedMediaType);
        var upload = new Upload();
        try
        {
            var reader = new MultipartReader(boundary, request.Body);
            for (int parts = 0; await reader.ReadNextSectionAsync(cancellationToken) is { } part; parts++)
            {
                if (parts == MostParts)
                    throw new RequestRefusedException($"The body has more than {MostParts} parts.", null, "invalid_body");
                await upload.TakeAsync(part, files, limit, cancellationToken);
            }
            return upload;
        }
        catch (Exception e)
        {
            if (upload.Content is { } content) await files.DropAsync(content, CancellationToken.None);
            if (e is InvalidDataException or IOException
                and not (BadHttpRequestException or Pipeline.Index.IndexUnavailableException or Pipeline.Storage.StorageException))
                throw new RequestRefusedException($"The multipart body can't be read: {e.Message}", null, "invalid_body");
            throw;
        }
    }

    async Task TakeAsync(MultipartSection part, UploadedFiles files, long limit, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out ContentDispositionHeaderValue? disposition))
            throw new RequestRefusedException("A part of the body has no content disposition.", null, "invalid_body");
        string name = HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "";
        if (name == "file")
        {
            if (Content is not null) throw new RequestRefusedException("'file' is given twice.", "file", "invalid_body");
            FileName =
                HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
            await using var bounded = new BoundedStream(part.Body, limit);
            Content = await files.StoreAsync(bounded, cancellationToken);
            return;
        }
        if (name is not ("purpose" or "expires_after[anchor]" or "expires_after[seconds]"))
            throw new RequestRefusedException($"Unrecognized request argument supplied: {name}", name, "unknown_parameter");
        using var text = new StreamReader(new BoundedStream(part.Body, LongestField), Encoding.UTF8);
        _fields[name] = await text.ReadToEndAsync(cancellationToken);
    }
}
