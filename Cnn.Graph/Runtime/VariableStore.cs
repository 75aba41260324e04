using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Cnn.Graph.Runtime;

/// <summary>
/// The variables in the memory of a device, twice: a step reads the one copy and writes the other, then they change places. A buffer is
/// never input and output of the same run.
/// </summary>
internal sealed class VariableStore : IDisposable
{
    private readonly IReadOnlyList<Variable> _variables;
    private readonly DeviceSession _transfer;
    private readonly OrtValue[][] _copies;

    public VariableStore(IReadOnlyList<Variable> variables, Device device)
    {
        _variables = variables;
        _transfer = new DeviceSession(TransferModel(variables), device);
        _copies = [Allocate(), Allocate()];
    }

    /// <summary>0 or 1: which copy is the present one.</summary>
    public int Parity { get; private set; }

    /// <summary>The present values, in the order of the variables.</summary>
    public IReadOnlyList<OrtValue> Current => _copies[Parity];

    /// <summary>The buffers for the next values.</summary>
    public IReadOnlyList<OrtValue> Next => _copies[1 - Parity];

    /// <summary>The next values become the present ones.</summary>
    public void Swap() => Parity = 1 - Parity;

    /// <summary>Copies numbers from the host to the device.</summary>
    public void Write(IReadOnlyList<TensorData> values)
    {
        OrtValue[] host = [.. _variables.Select(AllocateHost)];
        try
        {
            for (int i = 0; i < host.Length; i++)
            {
                values[i].Bytes.CopyTo(host[i].GetTensorMutableRawData());
            }

            Transfer(host, _copies[Parity]);
        }
        finally
        {
            Array.ForEach(host, v => v.Dispose());
        }
    }

    /// <summary>Copies the present numbers from the device to the host.</summary>
    public IReadOnlyList<TensorData> Read()
    {
        OrtValue[] host = [.. _variables.Select(AllocateHost)];
        try
        {
            Transfer(_copies[Parity], host);
            return [.. host.Select((v, i) => new TensorData(_variables[i].Type.Element, _variables[i].Shape.Sizes(), v.GetTensorMutableRawData().ToArray()))];
        }
        finally
        {
            Array.ForEach(host, v => v.Dispose());
        }
    }

    public void Dispose()
    {
        using DeviceSession.Turn turn = _transfer.Enter();
        foreach (OrtValue value in _copies.SelectMany(c => c))
        {
            value.Dispose();
        }

        _transfer.Dispose();
    }

    /// <summary>
    /// ONNX Runtime copies between host and device where a run's inputs and outputs are bound, so a model that does nothing serves as
    /// copier.
    /// </summary>
    private void Transfer(OrtValue[] from, OrtValue[] to)
    {
        using DeviceSession.Turn turn = _transfer.Enter();
        using OrtIoBinding binding = _transfer.Session.CreateIoBinding();
        for (int i = 0; i < from.Length; i++)
        {
            binding.BindInput(InputName(i), from[i]);
            binding.BindOutput(OutputName(i), to[i]);
        }

        using var options = new RunOptions();
        _transfer.Run("a copy of the parameters", options, binding);
    }

    private OrtValue[] Allocate() => [.. _variables.Select(v =>
        _transfer.Allocate((TensorElementType)v.Type.Element, v.Shape.Sizes()))];

    private static OrtValue AllocateHost(Variable v) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, (TensorElementType)v.Type.Element, v.Shape.Sizes());

    private static byte[] TransferModel(IReadOnlyList<Variable> variables)
    {
        var encoder = new GraphEncoder("transfer", Model.DefaultOpset);
        Input[] inputs = [.. variables.Select((v, i) => new Input(Label.Fixed(InputName(i)), v.Type))];
        foreach (Input input in inputs)
        {
            encoder.AddInput(input);
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            encoder.AddOutput(OutputName(i), inputs[i]);
        }

        return encoder.Finish(new Dictionary<string, string>()).ToBytes();
    }

    private static string InputName(int i) => $"from{i}";

    private static string OutputName(int i) => $"to{i}";
}
