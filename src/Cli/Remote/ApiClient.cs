using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Cli.Remote;

/// <summary>A pipeline's API. Whatever goes wrong becomes a <see cref="RemoteException"/> that says what to do.</summary>
internal sealed class ApiClient : IDisposable
{
    /// <summary>The variable that holds the access key.</summary>
    public const string KeyVariable = "DBATCH_KEY";

    const string Api = "/api/";

    readonly HttpClient _http;

    /// <summary>Makes a client; nothing is sent yet.</summary>
    /// <param name="server">Its URL.</param>
    /// <param name="key">The access key, or a token of Entra ID (a JWT), or null.</param>
    public ApiClient(Uri server, string? key)
    {
        Server = server;
        // Uploads and events take as long as they take; a server that is away shows at once.
        HttpMessageHandler sender = Retries.Around(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) });
        _http = new HttpClient(sender)
        {
            BaseAddress = new Uri(Origin(server) + Api),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (string.IsNullOrEmpty(key)) return;
        if (AccessToken.Is(key)) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        else _http.DefaultRequestHeaders.Add("x-functions-key", key);
    }

    /// <summary>The server.</summary>
    public Uri Server { get; }

    // Its URL is taken with "/api" and without.
    static string Origin(Uri server) => server.ToString().TrimEnd('/') is var url && url.EndsWith("/api", StringComparison.Ordinal)
        ? url[..^4]
        : url;

    /// <summary>Submits a manifest. Without a key it gets one of its own, so that an answer that is lost makes no second job.</summary>
    public async Task<JobView> SubmitAsync(byte[] manifest, bool isYaml, string query, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "jobs" + query) { Content = new ByteArrayContent(manifest) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(isYaml ? "application/yaml" : "application/json");
        request.Headers.TryAddWithoutValidation(Retries.KeyHeader, key ?? Guid.NewGuid().ToString("N"));
        return await JsonAsync(request, ApiJson.Default.JobView, cancellationToken);
    }

    /// <summary>A job by its id, or the newest of a name.</summary>
    public async Task<JobView> FindAsync(string job, CancellationToken cancellationToken)
    {
        if (job.StartsWith("job_", StringComparison.Ordinal))
            return await GetAsync($"jobs/{Uri.EscapeDataString(job)}", ApiJson.Default.JobView, cancellationToken);
        JobListView named = await GetAsync(
            $"jobs?children=true&limit=1&name={Uri.EscapeDataString(job)}", ApiJson.Default.JobListView, cancellationToken);
        return named.Jobs.Count > 0
            ? await FindAsync(named.Jobs[0].Id, cancellationToken)
            : throw new RemoteException($"there is no job named {job} at {Server}; 'dbatch status' lists the jobs", ExitCodes.BadInput);
    }

    /// <summary>A page of jobs.</summary>
    public Task<JobListView> ListAsync(string query, CancellationToken cancellationToken) =>
        GetAsync("jobs" + query, ApiJson.Default.JobListView, cancellationToken);

    /// <summary>Cancels a job.</summary>
    public async Task<JobView> CancelAsync(string id, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"jobs/{id}");
        return await JsonAsync(request, ApiJson.Default.JobView, cancellationToken);
    }

    /// <summary>Opens a job's events.</summary>
    public Task<HttpResponseMessage> EventsAsync(string id, string? lastEvent, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"jobs/{id}/events");
        if (lastEvent is not null) request.Headers.Add("Last-Event-ID", lastEvent);
        return SendAsync(request, cancellationToken);
    }

    /// <summary>Copies a cell's result lines.</summary>
    /// <returns>Whether these are all.</returns>
    public Task<bool> ResultsAsync(string id, string? cell, Stream to, CancellationToken cancellationToken) =>
        CopyResultsAsync($"jobs/{id}/results{(cell is null ? "" : "?cell=" + Uri.EscapeDataString(cell))}", to, cancellationToken);

    /// <summary>Copies results in whatever form.</summary>
    /// <returns>Whether these are all.</returns>
    public async Task<bool> CopyResultsAsync(string path, Stream to, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using HttpResponseMessage answer = await SendAsync(request, cancellationToken);
        await CopyAsync(answer, to, cancellationToken);
        return answer.Headers.TryGetValues("X-Results-Complete", out var complete) && complete.Contains("true");
    }

    /// <summary>The files whose paths begin with a prefix.</summary>
    public async Task<IReadOnlyList<FileView>> FilesAsync(string prefix, CancellationToken cancellationToken)
    {
        var files = new List<FileView>();
        string? cursor = null;
        do
        {
            FileListView page = await GetAsync(
                $"files?prefix={Uri.EscapeDataString(prefix)}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}",
                ApiJson.Default.FileListView, cancellationToken);
            files.AddRange(page.Files);
            cursor = page.Next;
        }
        while (cursor is not null);
        return files;
    }

    /// <summary>Uploads a file.</summary>
    public async Task<FileView> UploadAsync(string path, string file, CancellationToken cancellationToken)
    {
        await using FileStream content = File.OpenRead(file);
        using var request = new HttpRequestMessage(HttpMethod.Put, FileUri(path)) { Content = new StreamContent(content) };
        return await JsonAsync(request, ApiJson.Default.FileView, cancellationToken);
    }

    /// <summary>
    /// Opens a file from a byte on: that rest of the version that was listed, or the whole file where it is another by now.
    /// </summary>
    public Task<HttpResponseMessage> OpenFileAsync(FileView file, long from, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, FileUri(file.Path));
        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(file.Etag);
        }
        return SendAsync(request, cancellationToken);
    }

    /// <summary>Copies an answer's body.</summary>
    /// <exception cref="RemoteException">The connection was lost.</exception>
    public async Task CopyAsync(HttpResponseMessage answer, Stream to, CancellationToken cancellationToken)
    {
        await using Stream from = await answer.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[1 << 16];
        while (await ReadAsync(from, buffer, cancellationToken) is > 0 and var read)
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
    }

    /// <summary>The poison list.</summary>
    public Task<PoisonListView> PoisonAsync(string? job, CancellationToken cancellationToken) =>
        GetAsync("poison" + (job is null ? "" : "?job=" + Uri.EscapeDataString(job)), ApiJson.Default.PoisonListView, cancellationToken);

    /// <summary>A document.</summary>
    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => GetAsync(path, ApiJson.Of<T>(), cancellationToken);

    /// <summary>Sends a request, with a document or without, to which another one is the answer.</summary>
    public async Task<T> AskAsync<T>(HttpMethod method, string path, byte[]? json, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(json);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        return await JsonAsync(request, ApiJson.Of<T>(), cancellationToken);
    }

    /// <summary>Sends a request without a body, to which no document is the answer.</summary>
    public async Task DoAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        using HttpResponseMessage answer = await SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    // Taken literally: a Uri would otherwise rewrite some of the escaped characters.
    Uri FileUri(string path) => new(
        $"{_http.BaseAddress}files/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}",
        new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await JsonAsync(request, type, cancellationToken);
    }

    async Task<T> JsonAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await SendAsync(request, cancellationToken);
        try
        {
            await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            return (await JsonSerializer.DeserializeAsync(body, type, cancellationToken))!;
        }
        catch (Exception e) when (IsLost(e, cancellationToken))
        {
            throw Lost(e);
        }
        catch (JsonException)
        {
            throw new RemoteException($"{Server} answered with something that isn't this API's; check --server", ExitCodes.Failed);
        }
    }

    // What fails here is the connection; what fails on writing is this machine's disk.
    async Task<int> ReadAsync(Stream from, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await from.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (IsLost(e, cancellationToken))
        {
            throw Lost(e);
        }
    }

    // A lost connection shows as one of these, depending on where it broke; one that can't be made in time, as a cancellation that nobody
    // asked for.
    static bool IsLost(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    RemoteException Lost(Exception e) =>
        new($"the connection to {Server} was lost: {e.InnerException?.Message ?? e.Message}", ExitCodes.Failed);

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception e) when (IsLost(e, cancellationToken))
        {
            throw new RemoteException(
                $"no server answers at {Server} ({e.InnerException?.Message ?? e.Message}); start it with 'dbatch up', or name another "
                    + $"with --server",
                ExitCodes.Failed);
        }
        if (answer.IsSuccessStatusCode || (int)answer.StatusCode == 304) return answer;
        using (answer) throw await RefusedAsync(answer, cancellationToken);
    }

    async Task<RemoteException> RefusedAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        int status = (int)answer.StatusCode;
        ApiProblem? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(cancellationToken), ApiJson.Default.ApiProblem);
        }
        catch (JsonException)
        {
            // Not the API's own words: a proxy, or another server.
        }
        catch (Exception e) when (IsLost(e, cancellationToken))
        {
            // The status says enough.
        }
        string what = status == 401
            ? $"{Server} wants an access key; put it into {KeyVariable}"
            : problem?.Detail ?? $"{Server} answered {status} {answer.ReasonPhrase}";
        return new RemoteException(what, status is 400 or 401 or 404 or 413 or 415 ? ExitCodes.BadInput : ExitCodes.Failed)
        {
            Errors = problem?.Errors ?? [],
            Status = status,
        };
    }
}

/// <summary>A server that can't be reached, or that refused a request.</summary>
/// <param name="message">What went wrong and what to do.</param>
/// <param name="exitCode">The exit code that it makes.</param>
internal sealed class RemoteException(string message, int exitCode) : Exception(message)
{
    /// <summary>The exit code.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>Each thing that is wrong with what was handed in.</summary>
    public IReadOnlyList<ApiError> Errors { get; init; } = [];

    /// <summary>The status that the server answered with, or 0.</summary>
    public int Status { get; init; }
}
