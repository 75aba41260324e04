using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;
using Google.Protobuf;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Onnx;

/// <summary>Small models to load, damage and inspect.</summary>
internal static class ModelSamples
{
    public static readonly float[] Weights = [1.5f, -2f, float.NaN, float.NegativeInfinity, 1e-42f, -0f];

    /// <summary>y = x W for x of [N, 2] and the given initializer.</summary>
    public static ModelProto Linear(params TensorProto[] initializers)
    {
        if (initializers.Length == 0)
        {
            initializers = [TensorCodec.Encode("w", TensorData.Of<float>(Weights, 2, 3))];
        }

        var model = new ModelProto { IrVersion = 8, ProducerName = "cnn", ProducerVersion = "0.1" };
        model.Graph = new GraphProto { Name = "linear" };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = 17 });
        model.MetadataProps.Add(new StringStringEntryProto { Key = "labels", Value = "cat,dog" });
        model.Graph.Input.Add(Value("x", "N", 2));
        model.Graph.Output.Add(Value("y", "N", 3));
        model.Graph.Node.Add(Node("MatMul", ["x", "w"], ["y"]));
        model.Graph.Initializer.AddRange(initializers);
        return model;
    }

    public static NodeProto Node(string operation, string[] inputs, string[] outputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { Name = $"{operation}_{outputs[0]}", OpType = operation };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        return node;
    }

    public static ValueInfoProto Value(string name, string symbol, params long[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = symbol });
        shape.Dim.AddRange(dims.Select(dim => new TensorShapeProto.Types.Dimension { DimValue = dim }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)ElementType.Float, Shape = shape } },
        };
    }

    /// <summary>A tensor whose elements are set by the caller.</summary>
    public static TensorProto Tensor(TensorProto.Types.DataType type, long[] dims, Action<TensorProto> fill, string name = "w")
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        tensor.Dims.AddRange(dims);
        fill(tensor);
        return tensor;
    }

    /// <summary>A float tensor that refers to another file.</summary>
    public static TensorProto External(long[] dims, string location, string? offset = null, string? length = null, string name = "w") =>
        Tensor(TensorProto.Types.DataType.Float, dims, tensor =>
        {
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            foreach ((string key, string? value) in new[] { ("location", location), ("offset", offset), ("length", length) })
            {
                if (value is not null)
                {
                    tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
                }
            }
        }, name);

    /// <summary>The message of the error that loading these bytes gives.</summary>
    public static string FaultOf(ModelProto model) =>
        Assert.Throws<OnnxFormatException>(() => OnnxModel.FromBytes(model.ToByteArray()))!.Message;
}
