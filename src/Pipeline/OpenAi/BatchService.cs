using System.Globalization;
using System.Text.RegularExpressions;
using DiffusionBatch.Contracts.OpenAi;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Submitting;

namespace DiffusionBatch.Pipeline.OpenAi;

/// <summary>What clients do with batches; <see cref="BatchRunner"/> does the work.</summary>
public sealed partial class BatchService(IBatchIndex index, IJobIndex jobs, JobService service, TimeProvider time)
{
    const int MostPairs = 16, LongestKey = 64, LongestValue = 512;

    static readonly TimeSpan s_longest = TimeSpan.FromDays(30);

    /// <summary>Enters a batch; its file is checked behind.</summary>
    /// <exception cref="RequestRefusedException">It can't be.</exception>
    public async Task<BatchObject> CreateAsync(BatchRequestBody body, CancellationToken cancellationToken)
    {
        string input = Required(body.InputFileId, "input_file_id"), endpoint = Required(body.Endpoint, "endpoint"),
            window = Required(body.CompletionWindow, "completion_window");
        if (endpoint is not (Endpoints.Chat or Endpoints.Completions))
            throw new RequestRefusedException($"Invalid value: "
                + $"'{endpoint}'. Supported values are: '{Endpoints.Chat}' and '{Endpoints.Completions}'.", "endpoint", "invalid_value");
        TimeSpan length = Window(window);
        CheckMetadata(body.Metadata);
        FileRow file = await index.FileAsync(input, cancellationToken)
            ?? throw new RequestRefusedException($"No such File object: {input}", "input_file_id", "file_not_found");
        if (file.Purpose != UploadedFiles.Purpose)
            throw new RequestRefusedException($"The file {input} has the purpose '{file.Purpose}'; expected '{UploadedFiles.Purpose}'.",
                "input_file_id", "invalid_file_purpose");
        DateTimeOffset now = time.GetUtcNow();
        BatchRow row = await index.AddAsync(
            new BatchRow
            {
                Id = BatchNames.NewBatch(now),
                Endpoint = endpoint,
                InputFile = input,
                TimeWindow = window,
                OutputSeconds = Expiry(body.OutputExpiresAfter, "output_expires_after"),
                Metadata = body.Metadata,
                CreatedAt = now,
                ExpiresAt = now + length,
            },
            cancellationToken);
        return View(row, null);
    }

    /// <summary>A batch as it stands.</summary>
    /// <exception cref="RequestRefusedException">404: there is none.</exception>
    public async Task<BatchObject> GetAsync(string id, CancellationToken cancellationToken) =>
        await ViewAsync(await index.GetAsync(id, cancellationToken) ?? throw Unknown(id), cancellationToken);

    /// <summary>A page of batches, the newest first.</summary>
    public async Task<OpenAiPage<BatchObject>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        RowPage<BatchRow> rows = await index.ListAsync(page, cancellationToken);
        var batches = new List<BatchObject>();
        foreach (BatchRow row in rows.Rows) batches.Add(await ViewAsync(row, cancellationToken));
        return new OpenAiPage<BatchObject>(batches, batches.FirstOrDefault()?.Id, batches.LastOrDefault()?.Id, rows.HasMore);
    }

    /// <summary>Stops a batch; what is answered stays, and is written.</summary>
    /// <exception cref="RequestRefusedException">404: there is none; 409: it has ended, or its work is done.</exception>
    public async Task<BatchObject> CancelAsync(string id, CancellationToken cancellationToken)
    {
        BatchRow row = await index.CancelAsync(id, cancellationToken) ?? throw Unknown(id);
        if (row.Status is not (BatchStatus.Cancelling or BatchStatus.Cancelled))
            throw new RequestRefusedException($"Cannot cancel a batch with status '{row.Status.Name()}'.", null, "invalid_batch_status",
                409);
        if (row is { Status: BatchStatus.Cancelling, JobId: { } job }) await service.CancelAsync(job, cancellationToken);
        return await ViewAsync(row, cancellationToken);
    }

    /// <summary>Seconds after its creation at which a file is deleted, or null.</summary>
    /// <exception cref="RequestRefusedException">They can't be.</exception>
    public static long? Expiry(ExpiryBody? expiry, string param)
    {
        if (expiry is null) return null;
        if (expiry.Anchor != "created_at")
            throw new RequestRefusedException($"Invalid value for '{param}.anchor': expected 'created_at'.", $"{param}.anchor",
                "invalid_value");
        return expiry.Seconds is >= 3600 and <= 2592000 ? expiry.Seconds
            : throw new RequestRefusedException($"Invalid value for '{param}.seconds': expected a whole number from 3600 to 2592000.",
                $"{param}.seconds", "invalid_value");
    }

    static RequestRefusedException Unknown(string id) => new($"No batch found with id '{id}'.", "batch_id", "not_found", 404);

    static string Required(string? value, string name) =>
        string.IsNullOrEmpty(value)
            ? throw new RequestRefusedException($"Missing required parameter: '{name}'.", name, "missing_required_parameter")
            : value;

    static TimeSpan Window(string text)
    {
        Match match = WindowForm().Match(text);
        TimeSpan length = !match.Success
            ? TimeSpan.Zero
            : int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * match.Groups[2].Value switch
            {
                "m" => TimeSpan.FromMinutes(1),
                "h" => TimeSpan.FromHours(1),
                _ => TimeSpan.FromDays(1),
            };
        return length > TimeSpan.Zero && length <= s_longest ? length : throw new RequestRefusedException(
            $"Invalid value: '{text}'. Supported values are numbers of minutes, hours or days up to 30 days, such as '30m', '24h' and "
                + $"'7d'.", "completion_window", "invalid_value");
    }

    static void CheckMetadata(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null) return;
        if (metadata.Count > MostPairs)
            throw new RequestRefusedException($"'metadata' has {metadata.Count} pairs; at most {MostPairs} are allowed.", "metadata",
                "invalid_value");
        foreach (var (key, value) in metadata)
            if (key.Length > LongestKey || value is null || value.Length > LongestValue)
                throw new RequestRefusedException($"'metadata' has keys of at "
                    + $"most {LongestKey} characters and values of at most {LongestValue}.", "metadata", "invalid_value");
    }

    async Task<BatchObject> ViewAsync(BatchRow row, CancellationToken cancellationToken) => View(
        row, row is { FinishedAt: null, JobId: { } job } ? await jobs.FiguresAsync(job, cancellationToken) : null);

    // While the jobs run they count results, of which a request with several choices has as many.
    static BatchObject View(BatchRow row, JobFigures? figures)
    {
        long open = row.Total - row.Rejected;
        long Share(long results) => row.Answers == 0 ? 0 : results * open / row.Answers;
        return new BatchObject
        {
            Id = row.Id,
            Endpoint = row.Endpoint,
            Model = row.Model,
            Errors = row.Errors.Count > 0 ? new BatchErrors(row.Errors) : null,
            InputFileId = row.InputFile,
            CompletionWindow = row.TimeWindow,
            Status = row.Status.Name(),
            OutputFileId = row.OutputFile,
            ErrorFileId = row.ErrorFile,
            CreatedAt = row.CreatedAt.ToUnixTimeSeconds(),
            InProgressAt = row.InProgressAt?.ToUnixTimeSeconds(),
            ExpiresAt = row.ExpiresAt.ToUnixTimeSeconds(),
            FinalizingAt = row.FinalizingAt?.ToUnixTimeSeconds(),
            CompletedAt = At(BatchStatus.Completed),
            FailedAt = At(BatchStatus.Failed),
            ExpiredAt = At(BatchStatus.Expired),
            CancellingAt = row.CancellingAt?.ToUnixTimeSeconds(),
            CancelledAt = At(BatchStatus.Cancelled),
            RequestCounts = row.FinishedAt is not null ? new RequestCounts(row.Total, row.Completed, row.Failed)
                : new RequestCounts(row.Total, Share(figures?.ItemsSucceeded ?? 0), row.Rejected + Share(figures?.ItemsErrored ?? 0)),
            Usage = row.FinishedAt is null
                ? null
                : new BatchUsage(row.PromptTokens, row.CompletionTokens, row.PromptTokens + row.CompletionTokens),
            Metadata = row.Metadata,
        };

        long? At(BatchStatus status) => row.Status == status ? row.FinishedAt?.ToUnixTimeSeconds() : null;
    }

    [GeneratedRegex(@"^([1-9][0-9]{0,5})([mhd])\z")]
    private static partial Regex WindowForm();
}
